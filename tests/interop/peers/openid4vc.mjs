// A wallet on @openid4vc, with @sd-jwt, Digital Bazaar's suites and dcql.
import { clientAuthenticationAnonymous, clientAuthenticationNone } from '@openid4vc/oauth2'
import { Openid4vciClient } from '@openid4vc/openid4vci'
import { Openid4vpClient } from '@openid4vc/openid4vp'
import { DcqlQuery } from 'dcql'
import * as jose from 'jose'
import * as dataIntegrity from './data_integrity.mjs'
import { methodOf } from './documents.mjs'
import * as jwtVc from './jwt_vc.mjs'
import {
  b64url,
  certificate,
  didJwk,
  digest,
  jwkOf,
  Keyring,
  publicKey,
  random,
  signerOf,
} from './keys.mjs'
import { serve } from './lines.mjs'
import * as sdJwt from './sd_jwt.mjs'

const keyring = new Keyring()
const cards = []
let authorities = []

const names = (leaf, kind) =>
  (leaf.subjectAltName ?? '')
    .split(', ')
    .filter((one) => one.startsWith(`${kind}:`))
    .map((one) => one.slice(kind.length + 1))

async function signerKey(signer) {
  if (signer.method === 'x5c') return sdJwt.certifiedKey(signer.x5c, authorities)
  if (signer.method !== 'did') throw new Error(`a signer by ${signer.method}`)
  return publicKey(await jwkOf(await methodOf(signer.didUrl, 'assertionMethod')))
}

async function verifyJwt(signer, { compact }) {
  const key = await signerKey(signer)
  const signerJwk = key.export({ format: 'jwk' })
  const verified = await jose.compactVerify(compact, key).then(
    () => true,
    () => false,
  )
  return { verified, signerJwk }
}

async function signJwt(signer, { header, payload }) {
  const jwk = signer.publicJwk ?? (await jwkOf(await methodOf(signer.didUrl, 'authentication')))
  const entry = await keyring.find(jwk)
  const jwt = await new jose.SignJWT(payload)
    .setProtectedHeader({ ...header, alg: signer.alg })
    .sign(entry.key)
  return { jwt, signerJwk: entry.jwk }
}

async function encryptJwe({ publicJwk, alg, enc, apu, apv }, data) {
  const writer = new jose.CompactEncrypt(new TextEncoder().encode(data))
  writer.setProtectedHeader({ alg, enc, kid: publicJwk.kid })
  if (apu) writer.setKeyManagementParameters({ apu: jose.base64url.decode(apu), apv: jose.base64url.decode(apv) })
  return { jwe: await writer.encrypt(await jose.importJWK(publicJwk, alg)), encryptionJwk: publicJwk }
}

const callbacks = {
  fetch,
  hash: digest,
  signJwt,
  verifyJwt,
  encryptJwe,
  decryptJwe: async () => ({ decrypted: false }),
  generateRandom: random,
  clientAuthentication: clientAuthenticationNone({ clientId: 'wallet' }),
  getX509CertificateMetadata: (base64) => {
    const leaf = certificate(base64)
    return { sanDnsNames: names(leaf, 'DNS'), sanUriNames: names(leaf, 'URI') }
  },
}
const anonymous = { ...callbacks, clientAuthentication: clientAuthenticationAnonymous() }
const presenting = new Openid4vpClient({ callbacks })

// How a key proof names its key, by what the issuer binds to: signer, holder and its key's id.
const BINDINGS = {
  jwk: ({ jwk, algorithm }) => ({
    signer: { method: 'jwk', alg: algorithm, publicJwk: jwk },
    holder: didJwk(jwk),
    keyId: `${didJwk(jwk)}#0`,
  }),
  'did:jwk': ({ jwk, algorithm }) => {
    const holder = didJwk(jwk)
    return { signer: { method: 'did', alg: algorithm, didUrl: `${holder}#0` }, holder, keyId: `${holder}#0` }
  },
  'did:key': async ({ algorithm, didUrl }) => ({
    signer: { method: 'did', alg: algorithm, didUrl },
    holder: didUrl.split('#')[0],
    keyId: didUrl,
  }),
}

// The card as its own libraries verify it; that is also how a wallet would show it.
const READ = {
  'dc+sd-jwt': (credential) => sdJwt.verify({ credential, authorities }),
  ldp_vc: async (credential) => (await dataIntegrity.verifyCredential(credential), credential),
  jwt_vc_json: (credential) => jwtVc.verify(credential),
}

async function oneCard({ client, issuerMetadata, accessToken, id, algorithm, binding }) {
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata })
  const entry = await keyring.make(algorithm)
  const bound = await BINDINGS[binding](entry)
  const { jwt } = await client.createCredentialRequestJwtProof({
    issuerMetadata,
    credentialConfigurationId: id,
    nonce,
    signer: bound.signer,
  })
  const { credentialResponse } = await client.retrieveCredentials({
    issuerMetadata,
    accessToken,
    credentialConfigurationId: id,
    proofs: { jwt: [jwt] },
  })
  const { format } = issuerMetadata.credentialIssuer.credential_configurations_supported[id]
  const [{ credential }] = credentialResponse.credentials
  const card = { id, format, credential, entry, ...bound, claims: await READ[format](credential) }
  const notification = { notificationId: credentialResponse.notification_id, event: 'credential_accepted' }
  if (notification.notificationId) await client.sendNotification({ issuerMetadata, accessToken, notification })
  return card
}

async function accept({ link, txCode, only, algorithm = 'ES256', binding = 'jwk', named = true }) {
  const client = new Openid4vciClient({ callbacks: named ? callbacks : anonymous })
  const credentialOffer = await client.resolveCredentialOffer(link)
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer)
  const { accessTokenResponse } = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    txCode,
  })
  const offered = credentialOffer.credential_configuration_ids
  const accepted = []
  for (const id of only ?? offered) {
    const accessToken = accessTokenResponse.access_token
    accepted.push(await oneCard({ client, issuerMetadata, accessToken, id, algorithm, binding }))
  }
  cards.push(...accepted)
  return { offered, cards: accepted.map(({ id, format, credential, claims }) => ({ id, format, credential, claims })) }
}

// A holder's key for a credential that comes by another way, and that credential.
async function makeHolder({ algorithm, binding }) {
  const entry = await keyring.make(algorithm)
  const { holder } = await BINDINGS[binding](entry)
  return { holder, jwk: entry.jwk }
}

async function hold({ format, credential, jwk, binding }) {
  const entry = await keyring.find(jwk)
  const bound = await BINDINGS[binding](entry)
  const claims = await READ[format](credential)
  cards.push({ id: 'brought', format, credential, entry, ...bound, claims })
}

const expanded = (types, vocabulary) => types.map((type) => vocabulary[type] ?? type)
const VOCABULARY = {
  VerifiableCredential: 'https://www.w3.org/2018/credentials#VerifiableCredential',
  Schuldenopgave: 'https://w3id.org/blauwe-knop/v1#Schuldenopgave',
}

// A card as dcql wants to see it.
const SEEN = {
  'dc+sd-jwt': ({ claims }) => ({ vct: claims.vct, claims }),
  ldp_vc: ({ claims }) => ({ type: expanded(claims.type, VOCABULARY), claims }),
  jwt_vc_json: ({ claims }) => ({ type: claims.type, claims }),
}
const seen = (card) => ({
  credential_format: card.format,
  cryptographic_holder_binding: true,
  ...SEEN[card.format](card),
})

const PRESENTED = {
  'dc+sd-jwt': (card, { claims, audience, nonce }) =>
    sdJwt.present({ credential: card.credential, claims, entry: card.entry, audience, nonce }),
  jwt_vc_json: (card, { audience, nonce }) =>
    jwtVc.present({ ...card, credentials: [card.credential], audience, nonce }),
  ldp_vc: ({ credential, entry, holder, keyId }, { audience, nonce }) =>
    dataIntegrity.present({
      credentials: [credential],
      holder,
      signer: signerOf(entry, keyId),
      challenge: nonce,
      domain: audience,
    }),
}

async function answer(query, held, how) {
  const parsed = DcqlQuery.parse(query)
  DcqlQuery.validate(parsed)
  const result = DcqlQuery.query(parsed, held.map(seen))
  if (!result.can_be_satisfied) throw new Error(`no answer: ${JSON.stringify(result.credential_matches)}`)
  const token = {}
  for (const [id, match] of Object.entries(result.credential_matches)) {
    for (const { input_credential_index: place, claims } of match.valid_credentials ?? []) {
      const shown = await PRESENTED[held[place].format](held[place], {
        claims: claims.valid_claim_sets[0].output,
        ...how,
      })
      token[id] = [...(token[id] ?? []), shown]
    }
  }
  return token
}

const encryption = {
  encryption: { nonce: b64url(random(16)) },
  serverMetadata: {
    authorization_signing_alg_values_supported: [],
    authorization_encryption_alg_values_supported: ['ECDH-ES'],
    authorization_encryption_enc_values_supported: ['A128GCM', 'A256GCM'],
  },
}

async function present({ link, ids }) {
  const { params } = presenting.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link })
  const { authorizationRequestPayload, dcql } = await presenting.resolveOpenId4vpAuthorizationRequest({
    authorizationRequestPayload: params,
    wallet: {},
  })
  const { client_id: audience, nonce, response_mode: mode } = authorizationRequestPayload
  const held = cards.filter((card) => !ids || ids.includes(card.id))
  const token = await answer(dcql.query, held, { audience, nonce })
  const made = await presenting.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload,
    authorizationResponsePayload: { vp_token: token },
    clientMetadata: authorizationRequestPayload.client_metadata,
    jarm: mode === 'direct_post.jwt' ? encryption : undefined,
  })
  const { response } = await presenting.submitOpenid4vpAuthorizationResponse({
    authorizationRequestPayload,
    authorizationResponsePayload: made.authorizationResponsePayload,
    jarm: made.jarm,
  })
  const shown = Object.fromEntries(Object.entries(token).map(([id, list]) => [id, list.length]))
  return { status: response.status, mode, audience, shown }
}

await serve({
  trust: (given) => void (authorities = given.authorities),
  forget: () => void cards.splice(0),
  accept,
  makeHolder,
  hold,
  present,
})
