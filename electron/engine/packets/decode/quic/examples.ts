/** Initial packets made for the examples, with the keys of RFC 9001 and RFC 9369. */
import type { DecoderExample } from '../define.ts'

export const QUIC_EXAMPLES: readonly DecoderExample[] = [
  {
    name: 'a hello over two packets, the last part first',
    messages: {
      transport: 'udp',
      port: 443,
      sent: [
        {
          by: 0,
          hex: `c400000001080102030405060708020a0b00404332673fb54a8776119ae16053bbfa3aa610b63b1e78dc4310e591e0e089a7
              a0380754cca1ed9199e3fd237f9382d58f66dad182836f4ee0297fcee4b19e6adcca5c7791`,
        },
        {
          by: 0,
          hex: `c300000001080102030405060708020a0b00406957d41dc8b70cda058111ec3b0f65ae4f56daf2d4a64f2812a309cddc7bd6
              d21d4c2e4abed86bba2015f53bd1c70153f136a29aaf71d8c687874939dfd5bcfb5c29c16bf6b6805667fb2ca46288eb06ab
              d1a56df49dc9ffa6c91cce8d986f3bb156aa5421faa022c85d`,
        },
      ],
    },
    expect: {
      stack: 'quic:tls',
      line: 'Initial, DCID=0102030405060708, SCID=0a0b, PKN: 1, CRYPTO, PADDING',
      facts: {
        'tls.handshake.extensions_server_name': 'quic.example.org',
        'tls.handshake.ja4': 'q13d0306h3_d77c3591e601_fb71836bce29',
        'quic.packet_number': [0, 1],
      },
    },
  },
  {
    name: 'a hello of version 2',
    messages: {
      transport: 'udp',
      port: 443,
      sent: [
        {
          by: 0,
          hex: `d76b3343cf080102030405060708000040922c7995bb4cee9ae1cedf74f1b5f6d21890b6309ee56fc0eece0fe22bf8530e65
              1fa24f29f98ff22dd7f63ee71e3412867199030d9dc6dd62b4238f852bcd1577cd11c953a2a9a116d9bc1f9774e1c747c891
              0fea2e584b6831a571efd861d53136dfc52f2883406a709b8a00db89b9c7e60808c101695c3ae6193da2053d4f8743857e1f
              82aa694f62a4e21ee48f1a3ae322`,
        },
      ],
    },
    expect: {
      line: 'Initial, DCID=0102030405060708, PKN: 0, CRYPTO',
      facts: { 'tls.handshake.extensions_alpn_str': 'h3' },
    },
  },
]
