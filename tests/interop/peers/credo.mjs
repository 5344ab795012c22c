// A wallet on Credo-TS, the engine of several wallets, with Askar as its key store.
import * as fs from 'node:fs'
import { EventEmitter } from 'node:events'
// Before @credo-ts/askar: it registers the native library that the other one calls.
import { askar } from '@openwallet-foundation/askar-nodejs'
import { AskarModule } from '@credo-ts/askar'
import {
  Agent,
  ClaimFormat,
  ConsoleLogger,
  DidKey,
  Kms,
  LogLevel,
  W3cCredentialRecord,
  X509Module,
} from '@credo-ts/core'
import { OpenId4VcModule } from '@credo-ts/openid4vc'
import { serve } from './lines.mjs'

// @credo-ts/node, which would bring these, has no version for this core.
class Files {
  dataPath = cachePath
  cachePath = cachePath
  tempPath = cachePath
  exists = async (path) => fs.existsSync(path)
  createDirectory = async (path) => void fs.mkdirSync(path, { recursive: true })
  copyFile = async (from, to) => fs.copyFileSync(from, to)
  write = async (path, data) => fs.writeFileSync(path, data)
  read = async (path) => fs.readFileSync(path, 'utf8')
  delete = async (path) => fs.rmSync(path)
}
class NoWebSocket {}
const cachePath = process.env.CREDO_FOLDER

let agent

async function trust({ authorities }) {
  agent = new Agent({
    config: { logger: new ConsoleLogger(LogLevel.Error) },
    dependencies: {
      FileSystem: Files,
      EventEmitterClass: EventEmitter,
      fetch,
      WebSocketClass: NoWebSocket,
    },
    modules: {
      askar: new AskarModule({
        askar,
        store: {
          id: 'wallet',
          key: askar.storeGenerateRawKey({}),
          keyDerivationMethod: 'raw',
          database: { type: 'sqlite', config: { inMemory: true } },
        },
      }),
      openid4vc: new OpenId4VcModule({}),
      x509: new X509Module({ trustedCertificates: authorities }),
    },
  })
  await agent.initialize()
}

async function makeKey([algorithm]) {
  const { publicJwk } = await agent.kms.createKeyForSignatureAlgorithm({ algorithm })
  return Kms.PublicJwk.fromPublicJwk(publicJwk)
}

async function makeDid([algorithm]) {
  const type = Kms.PublicJwk.supportedPublicJwkClassForSignatureAlgorithm(algorithm)
  const { keyId } = await makeKey([algorithm])
  const { didState } = await agent.dids.create({ method: 'key', options: { keyId, type } })
  if (didState.state !== 'finished') throw new Error(`no DID: ${didState.reason}`)
  return `${didState.did}#${DidKey.fromDid(didState.did).publicJwk.fingerprint}`
}

// Credo binds W3C credentials to a DID and takes a JWK for the others.
async function bind({ proofTypes, supportsJwk, supportedDidMethods }) {
  const algorithms = proofTypes.jwt.supportedSignatureAlgorithms
  if (supportsJwk) return { method: 'jwk', keys: [await makeKey(algorithms)] }
  if (!supportedDidMethods?.includes('did:key')) throw new Error('no way to bind that is known')
  return { method: 'did', didUrls: [await makeDid(algorithms)] }
}

const bindTo = (format) => (options) =>
  bind({ ...options, supportsJwk: options.supportsJwk && format === 'dc+sd-jwt' })

const store = (record) =>
  record instanceof W3cCredentialRecord
    ? agent.w3cCredentials.store({ record })
    : agent.sdJwtVc.store({ record })

const told = ({ record, credentialConfigurationId: id }) => ({
  id,
  kind: record.type,
  credential: record.credentialInstances[0].compactSdJwtVc ?? record.credentialInstances[0].credential,
})

async function accept({ link, txCode, only, algorithm = 'ES256' }) {
  const { holder } = agent.openid4vc
  const resolvedCredentialOffer = await holder.resolveCredentialOffer(link)
  const token = await holder.requestToken({ resolvedCredentialOffer, txCode })
  const accepted = []
  const offered = resolvedCredentialOffer.offeredCredentialConfigurations
  for (const id of only ?? Object.keys(offered)) {
    const { credentials } = await holder.requestCredentials({
      resolvedCredentialOffer,
      ...token,
      credentialConfigurationIds: [id],
      verifyCredentialStatus: offered[id].format === 'dc+sd-jwt',
      allowedProofOfPossessionSignatureAlgorithms: [algorithm],
      credentialBindingResolver: bindTo(offered[id].format),
    })
    for (const each of credentials) {
      await store(each.record)
      accepted.push(told(each))
      const { metadata } = resolvedCredentialOffer
      const notification = { notificationId: each.notificationId, notificationEvent: 'credential_accepted' }
      const { accessToken } = token
      if (each.notificationId) await holder.sendNotification({ metadata, accessToken, ...notification })
    }
  }
  return { offered: Object.keys(offered), cards: accepted }
}

// By itself Credo discloses no element of an array: an app has to name them, as members of an object.
const byPlace = (value) =>
  value && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, byPlace(one)]))
    : value

const pick = (claims, names) => Object.fromEntries(names.map((name) => [name, claims[name]]))

const SHOWN = {
  SdJwtVcRecord: ({ firstCredential: { prettyClaims } }, output, elements) => ({
    claimFormat: ClaimFormat.SdJwtDc,
    disclosedPayload: elements ? byPlace(pick(prettyClaims, Object.keys(output))) : output,
  }),
  W3cCredentialRecord: ({ firstCredential: { claimFormat, jsonCredential } }) => ({
    claimFormat,
    disclosedPayload: jsonCredential,
  }),
}

// Every card that answers one of the named queries; by itself Credo picks one of one query.
function chosen({ credential_matches: matches }, ids, elements) {
  const matching = Object.entries(matches).filter(([id, match]) => match.success && (!ids || ids.includes(id)))
  const shown = ({ record, claims }) => ({
    credentialRecord: record,
    ...SHOWN[record.type](record, claims.valid_claim_sets[0].output, elements),
  })
  return Object.fromEntries(matching.map(([id, match]) => [id, match.valid_credentials.map(shown)]))
}

async function present({ link, ids, elements = true }) {
  const { holder } = agent.openid4vc
  const { authorizationRequestPayload, dcql } = await holder.resolveOpenId4VpAuthorizationRequest(link)
  const { queryResult } = dcql
  if (!queryResult.can_be_satisfied) {
    const why = JSON.stringify(queryResult.credential_matches, (name, value) => (name === 'record' ? undefined : value))
    throw new Error(`no answer: ${why.slice(0, 2000)}`)
  }
  const credentials = chosen(queryResult, ids, elements)
  const { serverResponse } = await holder.acceptOpenId4VpAuthorizationRequest({
    authorizationRequestPayload,
    dcql: { credentials },
  })
  const shown = Object.fromEntries(Object.entries(credentials).map(([id, list]) => [id, list.length]))
  const { response_mode: mode, client_id: audience } = authorizationRequestPayload
  return { status: serverResponse?.status, mode, audience, shown }
}

async function forget() {
  for (const record of await agent.sdJwtVc.getAll()) await agent.sdJwtVc.deleteById(record.id)
  for (const record of await agent.w3cCredentials.getAll()) await agent.w3cCredentials.deleteById(record.id)
}

await serve({ trust, forget, accept, present })
