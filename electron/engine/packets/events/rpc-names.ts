/**
 * Names of interfaces and calls of DCE RPC as Zeek has them, which are those of Microsoft's documents ([MS-DRSR], [MS-SAMR], [MS-LSAD],
 * [MS-SRVS], [MS-TSCH]) where the decoder has Wireshark's.
 */
import { rpcInterface } from '../decode/dcerpc-interfaces.ts'

const ENDPOINTS: Readonly<Record<string, string>> = {
  RPC_NETLOGON: 'netlogon',
  EPM: 'epmapper',
  DSSETUP: 'dssetup',
  EFS: 'efsrpc',
}
const CALLS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  DRSUAPI: {
    0: 'DRSBind', 1: 'DRSUnbind', 2: 'DRSReplicaSync', 3: 'DRSGetNCChanges', 4: 'DRSUpdateRefs', 5: 'DRSReplicaAdd', 12: 'DRSCrackNames', 13: 'DRSWriteSPN',
    16: 'DRSDomainControllerInfo', 17: 'DRSAddEntry', 19: 'DRSGetReplInfo',
  },
  SAMR: {
    0: 'SamrConnect', 1: 'SamrCloseHandle', 5: 'SamrLookupDomainInSamServer', 6: 'SamrEnumerateDomainsInSamServer', 7: 'SamrOpenDomain', 8: 'SamrQueryInformationDomain',
    11: 'SamrEnumerateGroupsInDomain', 13: 'SamrEnumerateUsersInDomain', 15: 'SamrEnumerateAliasesInDomain', 16: 'SamrGetAliasMembership', 17: 'SamrLookupNamesInDomain',
    18: 'SamrLookupIdsInDomain', 19: 'SamrOpenGroup', 20: 'SamrQueryInformationGroup', 22: 'SamrAddMemberToGroup', 25: 'SamrGetMembersInGroup', 27: 'SamrOpenAlias',
    31: 'SamrAddMemberToAlias', 33: 'SamrGetMembersInAlias', 34: 'SamrOpenUser', 35: 'SamrDeleteUser', 36: 'SamrQueryInformationUser', 37: 'SamrSetInformationUser',
    39: 'SamrGetGroupsForUser', 50: 'SamrCreateUser2InDomain', 55: 'SamrUnicodeChangePasswordUser2', 57: 'SamrConnect2', 58: 'SamrSetInformationUser2', 62: 'SamrConnect4', 64: 'SamrConnect5',
  },
  LSARPC: {
    0: 'LsarClose', 7: 'LsarQueryInformationPolicy', 14: 'LsarLookupNames', 15: 'LsarLookupSids', 17: 'LsarOpenAccount', 28: 'LsarOpenSecret', 30: 'LsarQuerySecret',
    42: 'LsarRetrievePrivateData', 44: 'LsarOpenPolicy2', 45: 'LsarGetUserName', 57: 'LsarLookupSids2', 58: 'LsarLookupNames2', 68: 'LsarLookupNames3', 76: 'LsarLookupSids3',
    77: 'LsarLookupNames4',
  },
  SRVSVC: {
    8: 'NetrConnectionEnum', 9: 'NetrFileEnum', 12: 'NetrSessionEnum', 14: 'NetrShareAdd', 15: 'NetrShareEnum', 16: 'NetrShareGetInfo', 18: 'NetrShareDel', 21: 'NetrServerGetInfo',
    23: 'NetrServerDiskEnum', 28: 'NetrRemoteTOD', 36: 'NetrShareEnumSticky',
  },
  WKSSVC: { 0: 'NetrWkstaGetInfo', 2: 'NetrWkstaUserEnum' },
  ATSVC: { 0: 'NetrJobAdd', 1: 'NetrJobDel', 2: 'NetrJobEnum', 3: 'NetrJobGetInfo' },
} // prettier-ignore

export function endpointName(uuid: string): string {
  const known = rpcInterface(uuid)
  if (known === undefined) return uuid
  // Interfaces of COM keep their capitals.
  return ENDPOINTS[known.name] ?? (/^I[A-Z][a-z]/.test(known.name) ? known.name : known.name.toLowerCase())
}
export function operationName(uuid: string, operation: number): string {
  const known = rpcInterface(uuid)
  return (known && (CALLS[known.name]?.[operation] ?? known.calls?.[operation])) ?? `unknown-${operation}`
}
