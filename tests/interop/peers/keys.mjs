// Keys of a wallet: made here, used here, found again by the thumbprint of their public JWK.
import * as nodeCrypto from 'node:crypto'
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import * as jose from 'jose'

export const b64url = (bytes) => Buffer.from(bytes).toString('base64url')
export const random = (length) => new Uint8Array(nodeCrypto.randomBytes(length))
export const digest = (data, algorithm) =>
  new Uint8Array(nodeCrypto.createHash(String(algorithm).replace('-', '')).update(data).digest())

// What node:crypto is told of an algorithm, beside the key.
const HASH = { ES256: 'sha256', EdDSA: null }
const usable = (key) => (key.asymmetricKeyType === 'ec' ? { key, dsaEncoding: 'ieee-p1363' } : key)

export const signBytes = (key, algorithm, data) =>
  nodeCrypto.sign(HASH[algorithm], Buffer.from(data), usable(key))
export const verifyBytes = (key, algorithm, data, signature) =>
  algorithm in HASH && nodeCrypto.verify(HASH[algorithm], Buffer.from(data), usable(key), signature)

export const publicKey = (jwk) => nodeCrypto.createPublicKey({ key: jwk, format: 'jwk' })
export const certificate = (base64) => new nodeCrypto.X509Certificate(Buffer.from(base64, 'base64'))

export const didJwk = (jwk) => `did:jwk:${b64url(JSON.stringify(jwk))}`

const MULTIKEY = { ES256: EcdsaMultikey, EdDSA: Ed25519Multikey }
export const NAMED = { ES256: 'P-256', EdDSA: 'Ed25519' }

export function generate(algorithm) {
  const curve = algorithm === 'EdDSA' ? ['ed25519'] : ['ec', { namedCurve: 'P-256' }]
  const pair = nodeCrypto.generateKeyPairSync(...curve)
  return { jwk: pair.publicKey.export({ format: 'jwk' }), algorithm, key: pair.privateKey }
}

export async function multibase({ jwk, algorithm }) {
  const { publicKeyMultibase } = await MULTIKEY[algorithm].fromJwk({ jwk })
  return publicKeyMultibase
}

// A public JWK of a verification method of any kind that the peers know.
export async function jwkOf(method) {
  if (method.publicKeyJwk) return method.publicKeyJwk
  const { from, toJwk } = MULTIKEY[method.publicKeyMultibase.startsWith('z6Mk') ? 'EdDSA' : 'ES256']
  return toJwk({ keyPair: await from({ ...method, type: 'Multikey' }) })
}

// What Digital Bazaar's suites call to sign.
export const signerOf = ({ key, algorithm }, id) => ({
  id,
  algorithm: NAMED[algorithm],
  sign: async ({ data }) => new Uint8Array(signBytes(key, algorithm, data)),
})

export class Keyring {
  #kept = new Map()

  async make(algorithm) {
    const entry = generate(algorithm)
    const named = await multibase(entry)
    entry.didUrl = `did:key:${named}#${named}`
    this.#kept.set(await jose.calculateJwkThumbprint(entry.jwk), entry)
    return entry
  }

  async find(jwk) {
    const found = this.#kept.get(await jose.calculateJwkThumbprint(jwk))
    if (!found) throw new Error('no key of this wallet')
    return found
  }
}
