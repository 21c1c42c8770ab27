/** Handshakes made by hand for the examples of TLS and DTLS; the certificate is of nobody. */
import type { DecoderExample } from '../define.ts'

export const TLS_EXAMPLES: readonly DecoderExample[] = [
  {
    name: 'hellos of TLS 1.3',
    messages: {
      transport: 'tcp',
      port: 443,
      sent: [
        {
          by: 0,
          hex: `1603010088010000840303000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f0000081a1a1301
              1303c02b010000532a2a000000000014001200000f7777772e6578616d706c652e636f6d000a00060004001d0017000b0002
              0100000d00060004040308040010000e000c02683208687474702f312e31002b0007060a0a03040303`,
        },
        {
          by: 1,
          hex: `16030300320200002e0303000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00130100000600
              2b00020304`,
        },
        { by: 1, hex: '140303000101 1703030004 01020304' },
      ],
    },
    expect: {
      stack: 'tls',
      line: 'Server Hello',
      facts: {
        'tls.handshake.type': [1, 2],
        'tls.handshake.extensions_server_name': 'www.example.com',
        'tls.handshake.extensions_alpn_str': ['h2', 'http/1.1'],
        'tls.handshake.ja3_full': '771,4865-4867-49195,0-10-11-13-16-43,29-23,0',
        'tls.handshake.ja3': 'e88edd8eab90bec9a4cd36afd68fc9a8',
        'tls.handshake.ja3s_full': '771,4865,43',
        'tls.handshake.ja4': 't13d0306h2_d77c3591e601_fb71836bce29',
        'tls.record.opaque_type': 23,
      },
    },
  },
  {
    name: 'a certificate of TLS 1.2',
    messages: {
      transport: 'tcp',
      port: 8443,
      sent: [
        {
          by: 1,
          hex: `160303003a020000360303000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00c02b00000eff
              01000100001000050003026832`,
        },
        {
          by: 1,
          hex: `16030301ce0b0001ca0001c70001c4308201c030820166a00302010202012a300a06082a8648ce3d040302302c3118301606
              035504030c0f7777772e6578616d706c652e636f6d3110300e060355040a0c074578616d706c65301e170d32363131323732
              33303533385a170d3236313232373233303533385a302c3118301606035504030c0f7777772e6578616d706c652e636f6d31
              10300e060355040a0c074578616d706c653059301306072a8648ce3d020106082a8648ce3d030107034200049832413dd2c8
              26122b5463c593917a370bdb7388e18f142ee46908e586eaf70085e95aaaaaebc69385c6272dbc233045cdcd8552a3b051a8
              5f93b9eafbb63b22a3793077301d0603551d0e041604143cc9635ad3922bd775fc20179e2d13f9724499b3301f0603551d23
              0418301680143cc9635ad3922bd775fc20179e2d13f9724499b330270603551d110420301e820f7777772e6578616d706c65
              2e636f6d820b6578616d706c652e636f6d300c0603551d130101ff04023000300a06082a8648ce3d04030203480030450220
              62e540ea53a49f055a82def9b8d2886bc287480bb6c0f9bd4e975ab390793b42022100a6bc73581bf9ec79ca8c202b13ba58
              66d5a9299dedf6a7451a5cbe02cb02b4a4`,
        },
        { by: 0, hex: '1503030002 022a' },
      ],
    },
    expect: {
      stack: 'tls:x509sat:x509ce',
      line: 'Alert (Level: Fatal, Description: Bad Certificate)',
      facts: {
        'x509.subject': 'O=Example,CN=www.example.com',
        'x509.self_signed': true,
        'x509ce.dNSName': ['www.example.com', 'example.com'],
        'x509.sha1': '3ac5efb2caeac3d29acca46a8c9722525eae0070',
        'x509.sha256': 'fcfd3b5ec605702c4ee4e45b2b68be2687711f6addd76b93ac31b6804ec173c7',
        'tls.handshake.extensions_alpn_str': 'h2',
      },
    },
  },
]

export const DTLS_EXAMPLES: readonly DecoderExample[] = [
  {
    name: 'a hello in two fragments, and what verifies it',
    messages: {
      transport: 'udp',
      port: 40_000,
      sent: [
        {
          by: 0,
          hex: `16fefd0000000000000000004801000077000000000000003cfefd000102030405060708090a0b0c0d0e0f10111213141516
              1718191a1b1c1d1e1f000000081a1a13011303c02b010000452a2a0000000000160014`,
        },
        {
          by: 0,
          hex: `16fefd0000000000000001004701000077000000003c00003b000011766f6963652e6578616d706c652e6e6574000a000600
              04001d0017000b00020100000d000600040403080400100009000706776562727463`,
        },
        { by: 1, hex: '16fefd00000000000000000011030000050000000000000005fefd020102' },
      ],
    },
    expect: {
      stack: 'dtls',
      line: 'Hello Verify Request',
      facts: {
        'dtls.handshake.extensions_server_name': 'voice.example.net',
        'dtls.handshake.ja4': 'dd2d0305wc_d77c3591e601_876bcc86782c',
      },
    },
  },
]
