import type { SetupBook } from './setup-book.ts'

const LISTENING = [
  ['Destination IP or host name', '{host}'],
  ['URL', '{secretPath}'],
  ['Port', '{port}'],
  ['Protocol', 'HTTP'],
] as const

/** Each step in the words of the device's own menu. */
const en: SetupBook = {
  hikvision: {
    steps: [
      { text: 'Open the web page of the camera or recorder (http://its-IP) and sign in as its administrator.' },
      { text: 'Configuration → Network → Advanced Settings → HTTP Listening (some firmware: Alarm Server). Fill in:', fields: LISTENING },
      { text: 'Press Test; when it succeeds, press Save.' },
      {
        text: 'Configuration → Event: enable the events to report (motion, intrusion, tampering …), tick “Notify Surveillance Center” under Linkage Method, arm all day, save.',
      },
      { text: 'Walk in front of the camera: the panel on the right turns green within a second or two.' },
    ],
    note: 'On a recorder each channel is a device of its own. Switch on NTP under Configuration → System → Time Settings.',
  },
  'hikvision-alertstream': {
    steps: [
      { text: 'Configuration → System → User Management: add a user with nothing but “Remote: Arm / Notify” and enter it in this feed.' },
      { text: 'The address is the device’s, e.g. http://192.168.1.64. We call the device; it needs no server address.' },
      { text: 'Configuration → Event: tick “Notify Surveillance Center” for the events to report.' },
      { text: 'Once connected, its heartbeat every 10 seconds counts as being heard.' },
    ],
    note: 'What happens while this connection is down is not sent again; the gap is shown beside the feed. Prefer pushing where you can.',
  },
  'hikvision-access': {
    steps: [
      { text: 'Open the web page of the access controller or face terminal and sign in as its administrator.' },
      { text: 'Configuration → Network → Advanced → HTTP Listening. Fill in:', fields: LISTENING },
      { text: 'Switch off picture upload where there is one: faces are never stored here.' },
      { text: 'Swipe a card: the panel on the right turns green within a second or two.' },
    ],
    note: 'Some terminals stop pushing after a reboot. Their silence is reported to the engineer, never as a resident’s alert.',
  },
  'hikvision-isc': {
    steps: [
      { text: 'In the iSC operation centre take appKey and appSecret from API Gateway → Partners.' },
      {
        text: 'Call /api/eventService/v1/eventSubscriptionByEventTypes with:',
        fields: [
          ['eventDest', '{secretUrl}'],
          ['eventTypes', '131588, 131585, 131329, 198914, 199169'],
          ['subType', '2'],
        ],
      },
      { text: '/api/eventService/v1/eventSubscriptionView now lists the address.' },
      { text: 'Cause an event and look to the right.' },
    ],
    note: 'srcIndex of the platform is the device’s address.',
  },
  dahua: {
    steps: [
      { text: 'Open the web page of the Dahua device and sign in as its administrator.' },
      {
        text: 'Setup → Network → Access Platform → HTTP Upload (some models: Event Upload). Enable and fill in:',
        fields: [
          ['Server', '{host}'],
          ['Port', '{port}'],
          ['Path', '{secretPath}'],
        ],
      },
      { text: 'Setup → Event: enable the events to report.' },
      { text: 'Walk in front of the camera and look to the right.' },
    ],
    note: 'Older models have no HTTP Upload: go back and choose “Dahua, we connect”.',
  },
  'dahua-attach': {
    steps: [
      { text: 'Setup → System → Account: add a read-only user and enter it in this feed.' },
      { text: 'The address is the device’s, e.g. http://192.168.1.108. We call the device; it needs no server address.' },
      { text: 'Setup → Event: enable the events to report.' },
    ],
    note: 'What happens while this connection is down is not sent again; the gap is shown beside the feed.',
  },
  'onvif-pull': {
    steps: [
      { text: 'Enable ONVIF on the device and add an ONVIF user (Hikvision: Network → Advanced → Integration Protocol).' },
      { text: 'The address is http://its-IP/onvif/device_service, with the ONVIF user’s name and password.' },
      { text: 'Check the device’s clock: ONVIF sign-in goes by time and is refused when it is far off.' },
    ],
    note: 'On connecting, the device tells its present state (Initialized): that updates state and raises nothing.',
  },
  onvif: {
    steps: [
      { text: 'Where a notification consumer can be set, enter:', fields: [['Consumer address', '{secretUrl}']] },
      { text: 'Take all topics, or RuleEngine, VideoSource and Device/Trigger.' },
      { text: 'Cause an event and look to the right.' },
    ],
    note: 'Most cameras have no menu for pushing: use “ONVIF, we connect”.',
  },
  zigbee2mqtt: {
    steps: [
      {
        text: 'In configuration.yaml of zigbee2mqtt:',
        code: 'mqtt:\n  base_topic: zigbee2mqtt\n  server: mqtt://{host}:{mqttPort}\n  user: {id}\n  password: {key}\navailability:\n  enabled: true',
      },
      { text: 'Restart it. A device’s friendly name is its address; best the flat, e.g. b12-u1-302-door.' },
      { text: 'Open and close a door contact and look to the right.' },
    ],
    note: 'After a reconnect the broker replays retained messages: that is state, not a new alarm.',
  },
  frigate: {
    steps: [
      {
        text: 'In Frigate’s config.yml:',
        code: 'mqtt:\n  enabled: true\n  host: {host}\n  port: {mqttPort}\n  user: {id}\n  password: {key}\n  topic_prefix: frigate',
      },
      { text: 'Restart it. The name under cameras is the device’s address.' },
      { text: 'Walk in front of the camera and look to the right.' },
    ],
    note: 'Somebody on a path by day is no event: which label, zone and hours count are rules of the camera.',
  },
  ctwing: {
    steps: [
      { text: 'On CTWing open the product → Rule engine (or Subscriptions) and add an HTTP push.' },
      { text: 'Enter the address and verify it:', fields: [['Push URL', '{secretUrl}']] },
      { text: 'Subscribe to data changes, events and online/offline.' },
      { text: 'Press the smoke detector’s test button and look to the right.' },
    ],
    note: 'The address is the IMEI (or deviceId). The platform stops for a minute after too many failures, so it is always answered at once.',
  },
  onenet: {
    steps: [
      { text: 'On OneNET: Data flow → Rule engine → HTTP push, new instance.' },
      {
        text: 'Enter address and token; the platform checks them once:',
        fields: [
          ['URL', '{secretUrl}'],
          ['Token', '{key}'],
        ],
      },
      { text: 'Sources: property reports, events and life cycle; enable the rule.' },
      { text: 'Press the smoke detector’s test button and look to the right.' },
    ],
    note: 'The address is the IMEI (or the device name). Leave message encryption off.',
  },
  'sia-dc09': {
    steps: [
      {
        text: 'In the panel’s installer menu, IP reporting (receiver):',
        fields: [
          ['Receiver IP', '{host}'],
          ['Port', '{siaPort}'],
          ['Protocol', 'SIA DC-09 (SIA-DCS or ADM-CID)'],
        ],
      },
      { text: 'The account is the one entered in this feed, one per panel; the same AES key on both sides where there is one.' },
      { text: 'Set supervision to 60–300 seconds and enter the same in this feed.' },
      { text: 'Arm it, trip a zone and look to the right.' },
    ],
    note: 'Account and zone are the device’s address, e.g. 1234/005. With a clock more than 40 seconds off, encrypted messages are refused with the right time.',
  },
  cap: {
    steps: [
      { text: 'Ask the warning centre (12379) or the weather service to push to:', fields: [['Push address', '{secretUrl}']] },
      { text: 'CAP 1.2 XML or the platform’s own 12379 XML, either will do.' },
      { text: 'Ask for a test warning and look to the right. A real one stands on the top line of the wall.' },
    ],
    note: 'Updates and cancellations find their warning by its identifier.',
  },
  gb28181: {
    steps: [
      { text: 'The cameras register with a gateway such as WVP-GB28181-pro.' },
      { text: 'Let the gateway push alarms to:', fields: [['Push address', '{secretUrl}']] },
      { text: 'The alarm XML itself (GB18030) may be forwarded as it is.' },
      { text: 'Cause an alarm and look to the right.' },
    ],
    note: 'The address is the 20-digit id of GB/T 28181.',
  },
  json: {
    steps: [
      { text: 'Ask the other platform to POST its messages to:', fields: [['URL', '{secretUrl}']] },
      {
        text: 'Better, where it can send headers:',
        fields: [
          ['Authorization', 'Bearer {key}'],
          ['URL', '{url}'],
        ],
      },
      { text: 'Ask for a test message and look to the right; what is read wrongly is mended under Field map.' },
    ],
    note: 'The map says which field is id, time, device and kind. Every city has its own.',
  },
  cloudevents: {
    steps: [
      {
        text: 'A gateway of your own pushes CloudEvents 1.0:',
        code: 'curl -X POST {origin}/feeds/events \\\n  -H "Authorization: Bearer {key}" \\\n  -H "Content-Type: application/cloudevents+json" \\\n  -d \'{"specversion":"1.0","id":"1","source":"/feeds/{id}","type":"linwang.heartbeat","subject":"device-id","data":{"online":true}}\'',
      },
      { text: 'The answer is 202 with counts; once it is there, the signals are stored.' },
    ],
    note: 'A batch (JSON array) is fine; an id is stored once.',
  },
}
export default en
