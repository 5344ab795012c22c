// An office that issues and verifies with Digital Bazaar's suites, @sd-jwt/sd-jwt-vc and jose.
import * as jose from 'jose'
import * as dataIntegrity from './data_integrity.mjs'
import * as jwtVc from './jwt_vc.mjs'
import { generate, multibase, signerOf } from './keys.mjs'
import { serve } from './lines.mjs'
import * as sdJwt from './sd_jwt.mjs'

const keys = new Map()
let authorities = []

// A key of `controller`: its verification method, and its JWK to certify.
async function makeKey({ algorithm, controller, type = 'Multikey' }) {
  const entry = generate(algorithm)
  const publicKeyMultibase = await multibase(entry)
  const id = `${controller}#${publicKeyMultibase.slice(-8)}`
  keys.set(id, entry)
  return { method: { id, type, controller, publicKeyMultibase }, jwk: entry.jwk }
}

const signer = (id) => signerOf(keys.get(id), id)

function issueSdJwt({ claims, frame, x5c, key }) {
  const { algorithm, key: secret } = keys.get(key)
  return sdJwt.instance({ authorities, algorithm, key: secret }).issue(claims, frame, { header: { x5c } })
}

function issueJwt({ credential, key, nbf, exp }) {
  const { algorithm, key: secret } = keys.get(key)
  const { issuer, id, credentialSubject } = credential
  return new jose.SignJWT({ vc: credential, nbf, exp })
    .setProtectedHeader({ alg: algorithm, kid: key, typ: 'JWT' })
    .setIssuer(issuer)
    .setJti(id)
    .setSubject(credentialSubject.id)
    .sign(secret)
}

const VERIFY = {
  'dc+sd-jwt': (credential) => sdJwt.verify({ credential, authorities }),
  ldp_vc: (credential) => dataIntegrity.verifyCredential(credential),
  jwt_vc_json: (credential) => jwtVc.verify(credential),
}

await serve({
  trust: (given) => void (authorities = given.authorities),
  makeKey,
  issue: ({ credential, key, cryptosuite }) =>
    dataIntegrity.issue({ credential, signer: signer(key), cryptosuite }),
  issueList: ({ key, ...list }) => dataIntegrity.issueList({ ...list, signer: signer(key) }),
  issueSdJwt,
  issueJwt,
  verify: ({ format, credential }) => VERIFY[format](credential),
  verifyPresentation: dataIntegrity.verifyPresentation,
})
