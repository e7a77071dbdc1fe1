import type { SetupBook } from './setup-book.ts'

/** 每一步都用设备自己菜单上的话。 */
const zh: SetupBook = {
  hikvision: {
    steps: [
      { text: '用电脑浏览器打开摄像机或录像机的网页（http://设备IP），用管理员账号登录。' },
      {
        text: '进入 配置 → 网络 → 高级配置 → HTTP 监听（有的固件叫“报警服务器”），填：',
        fields: [
          ['目标 IP 或域名', '{host}'],
          ['URL', '{secretPath}'],
          ['端口', '{port}'],
          ['协议类型', 'HTTP'],
        ],
      },
      { text: '点“测试”，提示成功后点“保存”。' },
      {
        text: '进入 配置 → 事件，打开要上报的事件（移动侦测、区域入侵、遮挡报警……），在“联动方式”里勾选“上传中心”，布防时间选全天，保存。',
      },
      { text: '到镜头前走一走，右边应在一两秒内变绿。' },
    ],
    note: '录像机上报时，通道号就是画面的序号：每个通道是一台设备，要分别登记。设备时间请在 配置 → 系统 → 时间设置 里打开 NTP 校时。',
  },
  'hikvision-alertstream': {
    steps: [
      { text: '在设备网页 配置 → 系统 → 用户管理 里新建一个普通用户，只勾选“远程：布防/报警通知”权限，把用户名和密码填进这个数据源。' },
      { text: '地址填设备 IP，例如 http://192.168.1.64。由我们去连设备，设备上不用填服务器。' },
      { text: '进入 配置 → 事件，在要上报的事件的“联动方式”里勾选“上传中心”，保存。' },
      { text: '连上以后这里显示“已连接”，每 10 秒一次的心跳算作在线。' },
    ],
    note: '这条长连接断开期间的消息设备不补发：断开的时段会写在数据源旁边。能用“推送”时优先用推送。',
  },
  'hikvision-access': {
    steps: [
      { text: '用浏览器打开门禁主机或人脸机的网页，用管理员账号登录。' },
      {
        text: '进入 配置 → 网络 → 高级配置 → HTTP 监听（DS-K1T 系列：网络设置 → HTTP 监听），填：',
        fields: [
          ['目标 IP 或域名', '{host}'],
          ['URL', '{secretPath}'],
          ['端口', '{port}'],
          ['协议类型', 'HTTP'],
        ],
      },
      { text: '如有“事件上传图片”，关掉它：人脸照片本系统一律不保存。' },
      { text: '在机器上刷一次卡，右边应在一两秒内变绿。' },
    ],
    note: '有的终端重启后不再主动上报。它安静下来超过平时，会报给工程师，不会报成居民的事。',
  },
  'hikvision-isc': {
    steps: [
      { text: '登录 iSC 综合安防管理平台的运行管理中心，在“API 网关 → 合作方”里取得 appKey 和 appSecret。' },
      {
        text: '用 API 网关的“在线调试”调用 /api/eventService/v1/eventSubscriptionByEventTypes，参数：',
        fields: [
          ['eventDest', '{secretUrl}'],
          ['eventTypes', '131588, 131585, 131329, 198914, 199169'],
          ['subType', '2'],
        ],
      },
      { text: '再调用 /api/eventService/v1/eventSubscriptionView，能看到刚才的地址就是订好了。' },
      { text: '触发一次事件，看右边。' },
    ],
    note: '平台里的 srcIndex（资源编号）就是设备地址。',
  },
  dahua: {
    steps: [
      { text: '用浏览器打开大华设备的网页，用管理员账号登录。' },
      {
        text: '进入 设置 → 网络设置 → 平台接入 → HTTP 上传（有的型号叫“事件上传”），启用并填：',
        fields: [
          ['服务器地址', '{host}'],
          ['端口', '{port}'],
          ['上传路径', '{secretPath}'],
        ],
      },
      { text: '进入 设置 → 事件管理，打开要上报的事件，保存。' },
      { text: '到镜头前走一走，看右边。' },
    ],
    note: '型号太老、没有“HTTP 上传”时，返回选择“大华 主动拉取”。',
  },
  'dahua-attach': {
    steps: [
      { text: '在设备网页 设置 → 系统管理 → 用户管理 里新建一个只读用户，填进这个数据源。' },
      { text: '地址填设备 IP，例如 http://192.168.1.108。由我们去连设备，设备上不用填服务器。' },
      { text: '进入 设置 → 事件管理，打开要上报的事件，保存。' },
    ],
    note: '这条长连接断开期间的消息设备不补发：断开的时段会写在数据源旁边。',
  },
  'onvif-pull': {
    steps: [
      { text: '在设备上启用 ONVIF 并建一个 ONVIF 用户（海康：配置 → 网络 → 高级配置 → 集成协议；大华默认启用）。' },
      { text: '地址填 http://设备IP/onvif/device_service，用户名密码填 ONVIF 用户的。' },
      { text: '确认设备时间正确：ONVIF 的登录凭时间校验，差得多会被拒绝。' },
    ],
    note: '连上时设备先报一遍当前状态（Initialized），只更新状态，不产生预警。',
  },
  onvif: {
    steps: [
      {
        text: '在能配置“通知接收方（Consumer）”的设备或平台上，把接收地址填为：',
        fields: [['接收地址', '{secretUrl}']],
      },
      { text: '主题全选，或选 RuleEngine、VideoSource、Device/Trigger。' },
      { text: '触发一次事件，看右边。' },
    ],
    note: '多数摄像机没有推送的菜单，请改用“ONVIF 主动拉取”。',
  },
  zigbee2mqtt: {
    steps: [
      {
        text: '打开 zigbee2mqtt 的 configuration.yaml，改成：',
        code: 'mqtt:\n  base_topic: zigbee2mqtt\n  server: mqtt://{host}:{mqttPort}\n  user: {id}\n  password: {key}\navailability:\n  enabled: true',
      },
      { text: '重启 zigbee2mqtt。设备的 friendly name 就是它的地址，尽量写成房号，例如 b12-u1-302-door。' },
      { text: '开关一次门磁，看右边。' },
    ],
    note: '重连时代理会重放保留的消息：那是状态，不会当成新的报警。',
  },
  frigate: {
    steps: [
      {
        text: '打开 Frigate 的 config.yml，改成：',
        code: 'mqtt:\n  enabled: true\n  host: {host}\n  port: {mqttPort}\n  user: {id}\n  password: {key}\n  topic_prefix: frigate',
      },
      { text: '重启 Frigate。cameras 下面的名字就是设备地址。' },
      { text: '到镜头前走一走，看右边。' },
    ],
    note: '白天路上有人不是事件：哪种目标、哪个区域、什么时段才算，写在这台摄像头的规则里。',
  },
  ctwing: {
    steps: [
      { text: '登录天翼物联网平台 CTWing，进入产品 → 规则引擎（或“订阅管理”），新建 HTTP 推送。' },
      { text: '填推送地址，点“验证”：', fields: [['推送 URL', '{secretUrl}']] },
      { text: '订阅“设备数据变化”“设备事件上报”“设备上下线”。' },
      { text: '按一下烟感的自检按钮，看右边。' },
    ],
    note: '设备地址是 IMEI（或 deviceId）。平台连续失败太多会停推一分钟并丢数据，所以我们总是立即应答。',
  },
  onenet: {
    steps: [
      { text: '登录 OneNET，进入 数据流转 → 规则引擎 → HTTP 推送，新建实例。' },
      {
        text: '填地址和 Token，平台会先来验证一次：',
        fields: [
          ['URL', '{secretUrl}'],
          ['Token', '{key}'],
        ],
      },
      { text: '消息源选“设备属性上报”“设备事件上报”“设备生命周期”，启用规则。' },
      { text: '按一下烟感的自检按钮，看右边。' },
    ],
    note: '设备地址是 IMEI（或设备名）。消息加密请先不勾选。',
  },
  'sia-dc09': {
    steps: [
      {
        text: '进入报警主机的工程编程，IP 通信（接警中心）一栏填：',
        fields: [
          ['接警中心 IP', '{host}'],
          ['端口', '{siaPort}'],
          ['协议', 'SIA DC-09（SIA-DCS 或 ADM-CID）'],
        ],
      },
      { text: '账号填这个数据源里登记的那个，每台主机一个；有 AES 密钥的两边填一样。' },
      { text: '心跳（supervision）设 60–300 秒，数据源里填同样的秒数。' },
      { text: '布防后触发一个防区，看右边。' },
    ],
    note: '账号与防区合起来是设备地址，例如 1234/005。主机时间差出 40 秒以上，加密消息会被拒收并回给它正确时间。',
  },
  cap: {
    steps: [
      { text: '请预警发布中心（12379 平台）或气象局把推送地址设为：', fields: [['推送地址', '{secretUrl}']] },
      { text: '格式选 CAP 1.2 XML 或平台自己的 12379 XML，都可以。' },
      { text: '请对方发一条“测试”预警，看右边。正式预警会出现在大屏最上面一行。' },
    ],
    note: '更新和解除按预警编号对上原来的那条，不会重复挂着。',
  },
  gb28181: {
    steps: [
      { text: '国标设备接在 WVP-GB28181-pro 之类的网关上。' },
      { text: '在网关里把报警通知的推送地址设为：', fields: [['推送地址', '{secretUrl}']] },
      { text: '报警 XML（GB18030 编码）原样转发也可以。' },
      { text: '触发一次报警，看右边。' },
    ],
    note: '设备地址是 20 位国标编号。',
  },
  json: {
    steps: [
      { text: '请对方平台把消息用 POST 推到：', fields: [['URL', '{secretUrl}']] },
      {
        text: '对方支持请求头时，更好的办法是：',
        fields: [
          ['Authorization', 'Bearer {key}'],
          ['URL', '{url}'],
        ],
      },
      { text: '请对方发一条测试消息，看右边；读得不对就到“字段映射”里照着改。' },
    ],
    note: '字段映射说明：哪个字段是编号、时间、设备、种类。每个城市的平台都不一样。',
  },
  cloudevents: {
    steps: [
      {
        text: '自己的网关按 CloudEvents 1.0 推送：',
        code: 'curl -X POST {origin}/feeds/events \\\n  -H "Authorization: Bearer {key}" \\\n  -H "Content-Type: application/cloudevents+json" \\\n  -d \'{"specversion":"1.0","id":"1","source":"/feeds/{id}","type":"linwang.heartbeat","subject":"设备编号","data":{"online":true}}\'',
      },
      { text: '应答 202 和计数；收到应答就是已经存好。' },
    ],
    note: '一次可以推一批（JSON 数组）；同一 id 只存一次。',
  },
}
export default zh
