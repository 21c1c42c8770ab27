/**
 * Interfaces of DCE RPC that matter to a responder: Wireshark's names, and names of the calls that attacks and administration use
 * (Microsoft's protocol documents, [MS-…] section 3.1.4, and C706 for the endpoint mapper).
 */
export interface RpcInterface {
  readonly name: string
  readonly calls?: Readonly<Record<number, string>>
}

const SVCCTL: RpcInterface = {
  name: 'SVCCTL',
  calls: {
    0: 'CloseServiceHandle', 1: 'ControlService', 2: 'DeleteService', 6: 'QueryServiceStatus', 11: 'ChangeServiceConfigW', 12: 'CreateServiceW',
    14: 'EnumServicesStatusW', 15: 'OpenSCManagerW', 16: 'OpenServiceW', 17: 'QueryServiceConfigW', 19: 'StartServiceW', 23: 'ChangeServiceConfigA',
    24: 'CreateServiceA', 27: 'OpenSCManagerA', 28: 'OpenServiceA', 31: 'StartServiceA',
  },
} // prettier-ignore
const SAMR: RpcInterface = {
  name: 'SAMR',
  calls: {
    0: 'Connect', 1: 'Close', 3: 'QuerySecurity', 5: 'LookupDomain', 6: 'EnumDomains', 7: 'OpenDomain', 8: 'QueryDomainInfo', 11: 'EnumDomainGroups',
    13: 'EnumDomainUsers', 15: 'EnumDomainAliases', 16: 'GetAliasMembership', 17: 'LookupNames', 18: 'LookupRids', 19: 'OpenGroup', 20: 'QueryGroupInfo',
    22: 'AddGroupMember', 25: 'QueryGroupMember', 27: 'OpenAlias', 31: 'AddAliasMember', 33: 'GetMembersInAlias', 34: 'OpenUser', 35: 'DeleteUser',
    36: 'QueryUserInfo', 37: 'SetUserInfo', 38: 'ChangePasswordUser', 39: 'GetGroupsForUser', 40: 'QueryDisplayInfo', 50: 'CreateUser2',
    55: 'ChangePasswordUser2', 57: 'Connect2', 58: 'SetUserInfo2', 62: 'Connect4', 64: 'Connect5',
  },
} // prettier-ignore
const LSARPC: RpcInterface = {
  name: 'LSARPC',
  calls: {
    0: 'lsa_Close', 7: 'lsa_QueryInfoPolicy', 11: 'lsa_EnumAccounts', 13: 'lsa_EnumTrustDom', 14: 'lsa_LookupNames', 15: 'lsa_LookupSids',
    17: 'lsa_OpenAccount', 28: 'lsa_OpenSecret', 30: 'lsa_QuerySecret', 42: 'lsa_RetrievePrivateData', 44: 'lsa_OpenPolicy2', 45: 'lsa_GetUserName',
    57: 'lsa_LookupSids2', 58: 'lsa_LookupNames2', 68: 'lsa_LookupNames3', 76: 'lsa_LookupSids3', 77: 'lsa_LookupNames4',
  },
} // prettier-ignore
const SRVSVC: RpcInterface = {
  name: 'SRVSVC',
  calls: {
    8: 'NetConnEnum', 9: 'NetFileEnum', 12: 'NetSessEnum', 14: 'NetShareAdd', 15: 'NetShareEnumAll', 16: 'NetShareGetInfo', 18: 'NetShareDel',
    21: 'NetSrvGetInfo', 23: 'NetDiskEnum', 28: 'NetRemoteTOD', 36: 'NetShareEnum',
  },
} // prettier-ignore
const NETLOGON: RpcInterface = {
  name: 'RPC_NETLOGON',
  calls: {
    2: 'NetrLogonSamLogon', 4: 'NetrServerReqChallenge', 5: 'NetrServerAuthenticate', 6: 'NetrServerPasswordSet', 15: 'NetrServerAuthenticate2',
    21: 'NetrLogonGetCapabilities', 26: 'NetrServerAuthenticate3', 29: 'NetrLogonGetDomainInfo', 30: 'NetrServerPasswordSet2',
    34: 'DsrGetDcNameEx2', 39: 'NetrLogonSamLogonEx', 40: 'DsrEnumerateDomainTrusts', 45: 'NetrLogonSamLogonWithFlags',
  },
} // prettier-ignore
const DRSUAPI: RpcInterface = {
  name: 'DRSUAPI',
  calls: {
    0: 'DsBind', 1: 'DsUnbind', 2: 'DsReplicaSync', 3: 'DsGetNCChanges', 4: 'DsReplicaUpdateRefs', 5: 'DsReplicaAdd', 12: 'DsCrackNames',
    13: 'DsWriteAccountSpn', 16: 'DsGetDomainControllerInfo', 17: 'DsAddEntry', 19: 'DsReplicaGetInfo',
  },
} // prettier-ignore
const WINREG: RpcInterface = {
  name: 'WINREG',
  calls: {
    0: 'OpenHKCR', 1: 'OpenHKCU', 2: 'OpenHKLM', 4: 'OpenHKU', 5: 'CloseKey', 6: 'CreateKey', 7: 'DeleteKey', 8: 'DeleteValue', 9: 'EnumKey',
    10: 'EnumValue', 15: 'OpenKey', 16: 'QueryInfoKey', 17: 'QueryValue', 20: 'SaveKey', 22: 'SetValue', 26: 'GetVersion',
  },
} // prettier-ignore

const INTERFACES: Readonly<Record<string, RpcInterface>> = {
  'e1af8308-5d1f-11c9-91a4-08002b14a0fa': {
    name: 'EPM',
    calls: { 0: 'Insert', 1: 'Delete', 2: 'Lookup', 3: 'Map', 4: 'LookupHandleFree', 5: 'InqObject', 6: 'MgmtDelete' },
  },
  'afa8bd80-7d8a-11c9-bef4-08002b102989': { name: 'MGMT' },
  '367abb81-9844-35f1-ad32-98f038001003': SVCCTL,
  '12345778-1234-abcd-ef00-0123456789ac': SAMR,
  '12345778-1234-abcd-ef00-0123456789ab': LSARPC,
  '4b324fc8-1670-01d3-1278-5a47bf6ee188': SRVSVC,
  '12345678-1234-abcd-ef00-01234567cffb': NETLOGON,
  'e3514235-4b06-11d1-ab04-00c04fc2dcd2': DRSUAPI,
  '338cd001-2244-31f1-aaaa-900038001003': WINREG,
  '3919286a-b10c-11d0-9ba8-00c04fd92ef5': { name: 'DSSETUP', calls: { 0: 'DsRoleGetPrimaryDomainInformation' } },
  '6bffd098-a112-3610-9833-46c3f87e345a': { name: 'WKSSVC', calls: { 0: 'NetWkstaGetInfo', 2: 'NetWkstaEnumUsers' } },
  '1ff70682-0a51-30e8-076d-740be8cee98b': { name: 'ATSVC', calls: { 0: 'JobAdd', 1: 'JobDel', 2: 'JobEnum', 3: 'JobGetInfo' } },
  '86d35949-83c9-4044-b424-db363231fd0c': {
    name: 'ITaskSchedulerService',
    calls: { 1: 'SchRpcRegisterTask', 2: 'SchRpcRetrieveTask', 7: 'SchRpcEnumTasks', 12: 'SchRpcRun', 13: 'SchRpcDelete' },
  },
  '12345678-1234-abcd-ef00-0123456789ab': {
    name: 'SPOOLSS',
    calls: {
      1: 'OpenPrinter',
      17: 'StartDocPrinter',
      29: 'ClosePrinter',
      62: 'RemoteFindFirstPrinterChangeNotification',
      65: 'RemoteFindFirstPrinterChangeNotifyEx',
      69: 'OpenPrinterEx',
      89: 'AddPrinterDriverEx',
    },
  },
  '99fcfec4-5260-101b-bbcb-00aa0021347a': {
    name: 'IOXIDResolver',
    calls: { 0: 'ResolveOxid', 1: 'SimplePing', 2: 'ComplexPing', 3: 'ServerAlive', 4: 'ResolveOxid2', 5: 'ServerAlive2' },
  },
  '000001a0-0000-0000-c000-000000000046': {
    name: 'ISystemActivator',
    calls: { 3: 'RemoteGetClassObject', 4: 'RemoteCreateInstance' },
  },
  '4d9f4ab8-7d1c-11cf-861e-0020af6e7c57': { name: 'REMACT', calls: { 0: 'RemoteActivation' } },
  '00000131-0000-0000-c000-000000000046': {
    name: 'IRemUnknown',
    calls: { 3: 'RemQueryInterface', 4: 'RemAddRef', 5: 'RemRelease' },
  },
  '00000143-0000-0000-c000-000000000046': {
    name: 'IRemUnknown2',
    calls: { 3: 'RemQueryInterface', 4: 'RemAddRef', 5: 'RemRelease', 6: 'RemQueryInterface2' },
  },
  '00020400-0000-0000-c000-000000000046': {
    name: 'IDispatch',
    calls: { 3: 'GetTypeInfoCount', 4: 'GetTypeInfo', 5: 'GetIDsOfNames', 6: 'Invoke' },
  },
  'f309ad18-d86a-11d0-a075-00c04fb68820': { name: 'IWbemLevel1Login', calls: { 3: 'EstablishPosition', 6: 'NTLMLogin' } },
  '9556dc99-828c-11cf-a37e-00aa003240c7': { name: 'IWbemServices', calls: { 20: 'ExecQuery', 24: 'ExecMethod' } },
  '82273fdc-e32a-18c3-3f78-827929dc23ea': { name: 'EVENTLOG', calls: { 0: 'ClearEventLogW', 7: 'OpenEventLogW' } },
  'f6beaff7-1e19-4fbb-9f8f-b89e2018337c': { name: 'EVENTLOG6', calls: { 6: 'EvtRpcClearLog' } },
  'c681d488-d850-11d0-8c52-00c04fd90f7e': {
    name: 'EFS',
    calls: { 0: 'EfsRpcOpenFileRaw', 4: 'EfsRpcEncryptFileSrv', 5: 'EfsRpcDecryptFileSrv' },
  },
  'df1941c5-fe89-4e79-bf10-463657acf44d': {
    name: 'EFS',
    calls: { 0: 'EfsRpcOpenFileRaw', 4: 'EfsRpcEncryptFileSrv', 5: 'EfsRpcDecryptFileSrv' },
  },
  '4fc742e0-4a10-11cf-8273-00aa004ae673': { name: 'NETDFS', calls: { 1: 'AddStdRoot', 12: 'AddStdRoot', 13: 'RemoveStdRoot' } },
  '3dde7c30-165d-11d1-ab8f-00805f14db40': { name: 'BKRP', calls: { 0: 'BackuprKey' } },
  '8a885d04-1ceb-11c9-9fe8-08002b104860': { name: '32bit NDR' },
  '71710533-beba-4937-8319-b5dbef9ccc36': { name: '64bit NDR' },
  '6cb71c2c-9812-4540-0300-000000000000': { name: 'bind time feature negotiation' },
}

export const rpcInterface = (uuid: string): RpcInterface | undefined => INTERFACES[uuid]
