// @sd-jwt/sd-jwt-vc: issues, presents and verifies dc+sd-jwt, its status list included.
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { b64url, certificate, digest, publicKey, random, signBytes, verifyBytes } from './keys.mjs'

const headerOf = (data) => JSON.parse(Buffer.from(data.split('.')[0], 'base64url'))
const uris = (leaf) => (leaf.subjectAltName ?? '').split(', ').filter((one) => one.startsWith('URI:'))

// The leaf's key, when an authority that is trusted issued it to `issuer` (where one is stated).
export function certifiedKey(x5c, authorities, issuer) {
  const [leaf, ...rest] = x5c.map(certificate)
  const names = authorities.map((pem) => certificate(pem).fingerprint256)
  const authority = rest.find((one) => names.includes(one.fingerprint256))
  if (!authority || !leaf.checkIssued(authority) || !leaf.verify(authority.publicKey)) {
    throw new Error('no trusted authority issued this certificate')
  }
  if (issuer && !uris(leaf).includes(`URI:${issuer}`)) throw new Error('certificate of another')
  return leaf.publicKey
}

export function instance({ authorities, algorithm, key, ...more }) {
  const check = (data, signature, issuer) => {
    const { alg, x5c } = headerOf(data)
    return verifyBytes(certifiedKey(x5c, authorities, issuer), alg, data, Buffer.from(signature, 'base64url'))
  }
  return new SDJwtVcInstance({
    hasher: digest,
    hashAlg: 'sha-256',
    saltGenerator: () => b64url(random(16)),
    verifier: (data, signature) => {
      const { iss } = JSON.parse(Buffer.from(data.split('.')[1], 'base64url'))
      return check(data, signature, iss)
    },
    statusVerifier: (data, signature) => check(data, signature),
    kbVerifier: (data, signature, { cnf }) =>
      verifyBytes(publicKey(cnf.jwk), headerOf(data).alg, data, Buffer.from(signature, 'base64url')),
    kbSigner: (data) => b64url(signBytes(key, algorithm, data)),
    kbSignAlg: algorithm,
    signer: (data) => b64url(signBytes(key, algorithm, data)),
    signAlg: algorithm,
    ...more,
  })
}

// The claims; refused when signature, time, status or a disclosure is wrong.
export async function verify({ credential, authorities }) {
  const { payload } = await instance({ authorities }).verify(credential)
  return payload
}

const framed = (value) =>
  Array.isArray(value)
    ? Object.fromEntries(value.flatMap((one, place) => (one === null ? [] : [[place, framed(one)]])))
    : value && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, framed(one)]))
      : true

// The presentation that discloses what stands in `claims`, bound to audience and nonce.
export function present({ credential, claims, entry, audience, nonce }) {
  const kb = { payload: { aud: audience, nonce, iat: Math.floor(Date.now() / 1000) } }
  const holder = instance({ authorities: [], ...entry })
  return holder.present(credential, framed(claims), { kb })
}
