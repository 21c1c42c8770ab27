/**
 * Keys of the table `other`: steps from one decoder to another that no number in the packet names. Cisco's SNAP protocols stand in it
 * under their own numbers (below 0x8000).
 */
export const OTHER = {
  wlanRadio: 0xf000,
  wlan: 0xf001,
  isis: 0xf010,
  isisHello: 0xf011,
  isisLsp: 0xf012,
  isisCsnp: 0xf013,
  isisPsnp: 0xf014,
  clnp: 0xf015,
  esis: 0xf016,
  slarp: 0xf020,
  pwEthernet: 0xf030,
  pwAssociated: 0xf031,
  pwWithControlWord: 0xf032,
  pwWithoutControlWord: 0xf033,
  lacp: 0xf040,
  ossp: 0xf041,
  bacapp: 0xf050,
  bacnet: 0xf051,
  isakmp: 0xf060,
  erspan: 0xf070,
  nhrp: 0xf071,
} as const
