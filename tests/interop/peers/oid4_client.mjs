// A wallet on Digital Bazaar's oid4-client and its suites.
import { generateDIDProofJWT, getCredentialOffer, OID4Client, oid4vp } from '@digitalbazaar/oid4-client'
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import * as dataIntegrity from './data_integrity.mjs'
import { methodOf } from './documents.mjs'
import { jwkOf, Keyring, publicKey, signerOf } from './keys.mjs'
import { serve } from './lines.mjs'
import { certifiedKey } from './sd_jwt.mjs'

const keyring = new Keyring()
let authorities = []

async function holder(algorithm) {
  const entry = await keyring.make(algorithm)
  return { did: entry.didUrl.split('#')[0], signer: signerOf(entry, entry.didUrl), jwk: entry.jwk }
}

// Its key proof in a request of OpenID4VCI 1.0; by itself it asks as draft 13 did.
async function askWithProof({ link, configuration }) {
  const offer = await getCredentialOffer({ url: link })
  const client = await OID4Client.fromCredentialOffer({ offer })
  const { did, signer } = await holder('EdDSA')
  const { nonce } = await client.getNonce()
  const aud = offer.credential_issuer
  const jwt = await generateDIDProofJWT({ signer, nonce, iss: did, aud })
  const answer = await fetch(client.issuerConfig.credential_endpoint, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ credential_configuration_id: configuration, proofs: { jwt: [jwt] } }),
  })
  const { error } = await answer.json()
  const { typ = null } = decodeProtectedHeader(jwt)
  const { iat = null } = decodeJwt(jwt)
  return { status: answer.status, error, typ, iat }
}

async function makeHolder({ algorithm }) {
  const { did, jwk } = await holder(algorithm)
  return { holder: did, jwk }
}

const pem = (base64) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`

// The question as the library opens it by itself.
async function openAlone(url) {
  const getTrustedCertificates = () => authorities.map(pem)
  const getVerificationKey = async ({ protectedHeader: { kid }, certificatePublicKey }) =>
    certificatePublicKey ?? publicKey(await jwkOf(await methodOf(kid, 'assertionMethod')))
  const opened = await oid4vp.authzRequest.get({ url, getTrustedCertificates, getVerificationKey })
  return opened.authorizationRequest
}

// Version 5.10 opens x509_san_dns only: for x509_hash it calls a method that certificates do not
// have, of decentralized_identifier it cuts off one letter too many. So these are opened for it.
async function open(link) {
  const { searchParams } = new URL(link)
  const clientId = searchParams.get('client_id')
  if (clientId.startsWith('x509_san_dns:')) return openAlone(link)
  const object = await (await fetch(searchParams.get('request_uri'))).text()
  const { x5c, kid } = decodeProtectedHeader(object)
  const key = x5c
    ? certifiedKey(x5c, authorities)
    : publicKey(await jwkOf(await methodOf(kid, 'assertionMethod')))
  const { payload: authorizationRequest } = await jwtVerify(object, key)
  await oid4vp.authzRequest.validate({ authorizationRequest, expectedClientId: clientId })
  return authorizationRequest
}

async function present({ link, credential, jwk, id }) {
  const authorizationRequest = await open(link)
  const { nonce, client_id: domain, response_mode: mode } = authorizationRequest
  const { didUrl, ...entry } = await keyring.find(jwk)
  const presentation = await dataIntegrity.present({
    credentials: [credential],
    holder: didUrl.split('#')[0],
    signer: signerOf(entry, didUrl),
    challenge: nonce,
    domain,
  })
  const token = { [id]: [presentation] }
  const { result } = await oid4vp.sendAuthorizationResponse({
    authorizationRequest,
    // As a form member it is text, inside an encrypted response JSON.
    vpToken: mode === 'direct_post.jwt' ? token : JSON.stringify(token),
    // Without this it adds a submission for Presentation Exchange.
    vpTokenMediaType: 'application/json',
  })
  return { result, mode, audience: domain }
}

await serve({
  trust: (given) => void (authorities = given.authorities),
  askWithProof,
  makeHolder,
  openAlone: ({ link }) => openAlone(link),
  present,
})
