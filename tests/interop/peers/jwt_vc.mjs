// JWT credentials by jose: verified with the key of the issuer's DID, presented as a VP JWT.
import * as jose from 'jose'
import { documentLoader, methodOf } from './documents.mjs'
import { jwkOf, publicKey } from './keys.mjs'

const didOf = (didUrl) => didUrl.split('#')[0]

async function keyOf(header, relationship) {
  const jwk = await jwkOf(await methodOf(header.kid, relationship))
  return publicKey(jwk)
}

const seconds = (moment) => Date.parse(moment) / 1000

// The credential of the `vc` claim; refused when the two ways of telling a thing differ.
export async function verify(credential) {
  const { payload, protectedHeader } = await jose.jwtVerify(credential, (header) =>
    keyOf(header, 'assertionMethod'),
  )
  const { vc, iss, jti, nbf } = payload
  if (didOf(protectedHeader.kid) !== iss) throw new Error('the key is of another')
  const told = [
    [vc.issuer?.id ?? vc.issuer, iss],
    [vc.id, jti],
    [vc.issuanceDate && seconds(vc.issuanceDate), nbf],
  ]
  // Each may stand in one place only (data model 1.1 section 6.3.1).
  const same = ([inside, claim]) => inside === undefined || claim === undefined || inside === claim
  if (!told.every(same)) throw new Error('claims and credential differ')
  await documentLoader(vc['@context'][0])
  return vc
}

export function present({ credentials, entry, holder, keyId, audience, nonce }) {
  const vp = {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiablePresentation'],
    verifiableCredential: credentials,
  }
  return new jose.SignJWT({ vp, nonce })
    .setProtectedHeader({ alg: entry.algorithm, kid: keyId, typ: 'JWT' })
    .setIssuer(holder)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(entry.key)
}
