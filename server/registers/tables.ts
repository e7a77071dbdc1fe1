import { Type } from 'typebox'
import { CONTACT_RELATIONS } from '../../shared/care.ts'
import { CameraRule, DEVICE_KINDS } from '../../shared/device.ts'
import { BookCode, OFFERED_TO, REACHES } from '../../shared/matter-kind.ts'
import { CATEGORIES, STAFF_ROLES } from '../../shared/person.ts'
import { PLACE_KINDS } from '../../shared/place.ts'
import type { Registers } from '../../shared/registers.ts'
import { TEAM_FORMS, TEAM_KINDS } from '../../shared/team.ts'

export type TableName = Exclude<keyof Registers, 'estate'>

/** How the text of a cell becomes a value; the schema judges it afterwards. */
export interface Column {
  key: string
  /** the header as a Chinese spreadsheet says it */
  alias: string
  as?: 'number' | 'list' | 'weekdays' | 'rules' | 'lines' | 'yes' | 'codes'
  /** words of the spreadsheet → codes */
  words?: Readonly<Record<string, string>>
  /** an empty cell means null rather than nothing */
  nullable?: boolean
  /** what belongs here, for whoever mends it */
  fix: string
}
export interface Table {
  /** the file, when it is not called as the table */
  file?: string
  columns: readonly Column[]
  row: ReturnType<typeof Type.Object>
  required: boolean
}

const Id = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$' })
const Name = Type.String({ minLength: 1, maxLength: 100 })
const Clock = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })
const Phone = Type.String({ pattern: '^\\+?[0-9 -]{5,20}$' })
const Lon = Type.Number({ minimum: -180, maximum: 180 })
const Lat = Type.Number({ minimum: -90, maximum: 90 })
const Height = Type.Number({ minimum: -50, maximum: 1000 })
const maybe = Type.Optional

const ID = '1 to 64 letters, digits, _ . : or -, unique in the file'
const NAME = '1 to 100 characters'
const PLACE = 'the id of a place of places.csv'
const CLOCK = 'a local time HH:MM from 00:00 to 23:59'
const LON = { key: 'lon', alias: '经度', as: 'number', fix: 'degrees east, WGS 84, −180 to 180' } as const
const LAT = { key: 'lat', alias: '纬度', as: 'number', fix: 'degrees north, WGS 84, −90 to 90' } as const
const HEIGHT = { key: 'height', alias: '高度', as: 'number', fix: 'metres above ground, −50 to 1000' } as const
const oneOf = (codes: readonly string[]) => `one of ${codes.join(', ')}`
const enumOf = <const T extends readonly string[]>(codes: T) => Type.Union(codes.map((code) => Type.Literal(code as T[number])))

const PLACE_WORDS = {
  街道: 'street',
  社区: 'community',
  网格: 'grid',
  联户: 'cluster',
  楼栋: 'building',
  单元: 'unit',
  楼层: 'floor',
  住户: 'flat',
  点位: 'spot',
}
const DEVICE_WORDS = {
  摄像头: 'camera',
  门禁: 'gate',
  门磁: 'door-contact',
  人体传感器: 'motion',
  求助按钮: 'help-button',
  烟感: 'smoke',
  燃气: 'gas',
  水浸: 'leak',
  水表: 'water-meter',
  电表: 'power-meter',
  云喇叭: 'speaker',
  报警主机: 'alarm-panel',
}
const CATEGORY_WORDS = {
  独居老人: 'living-alone',
  留守儿童: 'left-behind-child',
  老人: 'elder',
  党员: 'party-member',
  流动人口: 'floating',
  残疾人: 'disabled',
  低保: 'low-income',
  退役军人: 'veteran',
  志愿者: 'volunteer',
  慢性病: 'chronic-illness',
}
const ROLE_WORDS = {
  值班员: 'officer',
  主管: 'supervisor',
  运维: 'engineer',
  管理员: 'admin',
  网格员: 'grid-worker',
  联户长: 'cluster-head',
  楼栋长: 'building-head',
  社区工作人员: 'community-staff',
  党支部: 'party-branch',
  志愿者: 'volunteer',
  党员: 'party-member',
  执法: 'enforcement',
  物业: 'property',
  商户: 'shop',
}
const TEAM_FORM_WORDS = { 接单池: 'pool', 队伍: 'team', 外部: 'outside' }
const RELATIONS = ['head', 'spouse', 'child', 'parent', 'grandchild', 'grandparent', 'other'] as const
const RELATION_WORDS = {
  户主: 'head',
  配偶: 'spouse',
  子女: 'child',
  父母: 'parent',
  孙辈: 'grandchild',
  祖父母: 'grandparent',
  其他: 'other',
}

const places: Table = {
  required: true,
  row: Type.Object({
    id: Id,
    kind: enumOf(PLACE_KINDS),
    parentId: Type.Union([Id, Type.Null()]),
    name: Name,
    code: maybe(Type.String({ maxLength: 32 })),
    clusterId: maybe(Id),
    lon: maybe(Lon),
    lat: maybe(Lat),
    height: maybe(Height),
  }),
  columns: [
    { key: 'id', alias: '编号', fix: ID },
    { key: 'kind', alias: '类型', words: PLACE_WORDS, fix: oneOf(PLACE_KINDS) },
    { key: 'parentId', alias: '上级', nullable: true, fix: `${PLACE} one level up; empty for the root alone` },
    { key: 'name', alias: '名称', fix: NAME },
    { key: 'code', alias: '代码', fix: 'at most 32 characters' },
    { key: 'clusterId', alias: '联户', fix: 'the id of a cluster of the same grid' },
    LON,
    LAT,
    HEIGHT,
  ],
}

const households: Table = {
  required: true,
  row: Type.Object({ placeId: Id, clusterId: Id, tenure: enumOf(['own', 'rent']) }),
  columns: [
    { key: 'placeId', alias: '住户', fix: 'the id of a flat of places.csv, one household a flat' },
    { key: 'clusterId', alias: '联户', fix: 'the cluster of that flat in places.csv' },
    { key: 'tenure', alias: '产权', words: { 自有: 'own', 租赁: 'rent' }, fix: 'own or rent' },
  ],
}

const residents: Table = {
  required: true,
  row: Type.Object({
    id: Id,
    placeId: Id,
    name: Name,
    sex: enumOf(['m', 'f']),
    birthDate: Type.String({ pattern: '^(18|19|20)\\d\\d-\\d\\d-\\d\\d$' }),
    phone: maybe(Phone),
    idHash: maybe(Type.String({ pattern: '^[0-9a-f]{8,64}$' })),
    idTail: maybe(Type.String({ pattern: '^\\d{3}[\\dX]$' })),
    relation: enumOf(RELATIONS),
    categories: Type.Array(enumOf(CATEGORIES)),
  }),
  columns: [
    { key: 'id', alias: '编号', fix: ID },
    { key: 'placeId', alias: '住户', fix: 'the id of a flat that has a household in households.csv' },
    { key: 'name', alias: '姓名', fix: NAME },
    { key: 'sex', alias: '性别', words: { 男: 'm', 女: 'f' }, fix: 'm or f' },
    { key: 'birthDate', alias: '出生日期', fix: 'a date YYYY-MM-DD that exists and lies in the past' },
    { key: 'phone', alias: '电话', fix: '5 to 20 digits, or empty' },
    { key: 'idHash', alias: '证件哈希', fix: 'a keyed hash in lower-case hex; never the ID number itself' },
    { key: 'idTail', alias: '证件尾号', fix: 'the last four characters of the ID number' },
    { key: 'relation', alias: '关系', words: RELATION_WORDS, fix: oneOf(RELATIONS) },
    { key: 'categories', alias: '类别', as: 'list', words: CATEGORY_WORDS, fix: `any of ${CATEGORIES.join(', ')}, separated by |` },
  ],
}

const devices: Table = {
  required: true,
  row: Type.Object({
    id: Id,
    kind: enumOf(DEVICE_KINDS),
    placeId: Id,
    feed: Id,
    address: Type.String({ minLength: 1, maxLength: 200 }),
    name: Name,
    lon: Lon,
    lat: Lat,
    height: maybe(Height),
    silentAfter: maybe(Type.Number({ minimum: 1, maximum: 31_536_000 })),
    rules: maybe(Type.Array(CameraRule)),
  }),
  columns: [
    { key: 'id', alias: '编号', fix: ID },
    { key: 'kind', alias: '类型', words: DEVICE_WORDS, fix: oneOf(DEVICE_KINDS) },
    { key: 'placeId', alias: '位置', fix: PLACE },
    { key: 'feed', alias: '数据源', fix: 'the id of the feed it speaks through, e.g. zigbee2mqtt' },
    { key: 'address', alias: '地址', fix: 'what the feed calls the device, unique in its feed' },
    { key: 'name', alias: '名称', fix: NAME },
    LON,
    LAT,
    HEIGHT,
    { key: 'silentAfter', alias: '失联秒数', as: 'number', fix: 'seconds, 1 to 31536000, or empty for the default of its kind' },
    {
      key: 'rules',
      alias: '规则',
      as: 'rules',
      fix: 'label@zone HH:MM-HH:MM=event, several separated by ; (zone and hours may be left out)',
    },
  ],
}

const staff: Table = {
  required: true,
  row: Type.Object({ id: Id, name: Name, role: enumOf(STAFF_ROLES), phone: Phone, placeId: Id, residentId: maybe(Id) }),
  columns: [
    { key: 'id', alias: '编号', fix: ID },
    { key: 'name', alias: '姓名', fix: NAME },
    { key: 'role', alias: '角色', words: ROLE_WORDS, fix: oneOf(STAFF_ROLES) },
    { key: 'phone', alias: '电话', fix: '5 to 20 digits' },
    { key: 'placeId', alias: '责任区', fix: PLACE },
    { key: 'residentId', alias: '居民', fix: 'the id of a resident of residents.csv, or empty' },
  ],
}

const shifts: Table = {
  required: true,
  row: Type.Object({
    id: Id,
    staffId: Id,
    name: Name,
    weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, uniqueItems: true }),
    from: Clock,
    to: Clock,
  }),
  columns: [
    { key: 'id', alias: '编号', fix: ID },
    { key: 'staffId', alias: '人员', fix: 'the id of somebody of staff.csv' },
    { key: 'name', alias: '班次', fix: NAME },
    { key: 'weekdays', alias: '星期', as: 'weekdays', fix: 'the days on which it begins as digits, 1 Monday to 7 Sunday, e.g. 12345' },
    { key: 'from', alias: '开始', fix: CLOCK },
    { key: 'to', alias: '结束', fix: CLOCK },
  ],
}

const Names = Type.Array(Type.String({ pattern: '^(\\*|[A-Za-z0-9][A-Za-z0-9_.:-]{0,63})$' }), { maxItems: 2000 })

const teams: Table = {
  required: false,
  row: Type.Object({
    id: Id,
    name: Name,
    form: enumOf(TEAM_FORMS),
    kind: enumOf(TEAM_KINDS),
    placeId: Id,
    leadId: maybe(Id),
    members: Names,
    matters: Names,
    skills: Type.Array(Type.String({ maxLength: 32 })),
    phone: maybe(Type.String({ pattern: '^\\+?[0-9 -]{3,20}$' })),
  }),
  columns: [
    { key: 'id', alias: '编号', fix: ID },
    { key: 'name', alias: '名称', fix: NAME },
    { key: 'form', alias: '形式', words: TEAM_FORM_WORDS, fix: oneOf(TEAM_FORMS) },
    { key: 'kind', alias: '类型', fix: oneOf(TEAM_KINDS) },
    { key: 'placeId', alias: '责任区', fix: PLACE },
    { key: 'leadId', alias: '负责人', fix: 'the id of somebody of staff.csv; empty for an outside team' },
    { key: 'members', alias: '成员', as: 'list', fix: 'ids of staff.csv, separated by |' },
    { key: 'matters', alias: '受理事项', as: 'list', fix: 'kinds of matters or alerts, separated by |, or *' },
    { key: 'skills', alias: '技能', as: 'list', fix: 'words of at most 32 characters, separated by |' },
    { key: 'phone', alias: '电话', fix: '3 to 20 digits; of an outside team the number to call' },
  ],
}

const holidays: Table = {
  required: false,
  row: Type.Object({
    day: Type.String({ pattern: '^20\\d\\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' }),
    kind: enumOf(['off', 'work']),
    name: maybe(Name),
  }),
  columns: [
    { key: 'day', alias: '日期', fix: 'a date YYYY-MM-DD' },
    { key: 'kind', alias: '类型', words: { 休: 'off', 班: 'work' }, fix: 'off or work' },
    { key: 'name', alias: '名称', fix: NAME },
  ],
}

const thresholds: Table = {
  required: false,
  row: Type.Object({
    name: Type.String({ minLength: 1 }),
    scope: Type.String({ minLength: 1 }),
    value: Type.Number({ minimum: 0 }),
    unit: maybe(Type.String({ maxLength: 16 })),
    note: maybe(Type.String({ maxLength: 200 })),
  }),
  columns: [
    { key: 'name', alias: '名称', fix: 'the name of a threshold, e.g. inactivity.hours' },
    { key: 'scope', alias: '对象', fix: '* for everybody, or the id of a resident, device or place' },
    { key: 'value', alias: '数值', as: 'number', fix: 'a number, 0 or more' },
    { key: 'unit', alias: '单位', fix: 'at most 16 characters' },
    { key: 'note', alias: '说明', fix: 'at most 200 characters' },
  ],
}

const CONTACT_WORDS = {
  家属: 'family',
  联户长: 'cluster-head',
  网格员: 'grid-worker',
  社区: 'community',
  医生: 'doctor',
  其他: 'other',
}
/** What is concluded from how somebody lives: each can be switched off for one person. */
const HABIT_WORDS = {
  静默: 'inactivity',
  外出未归: 'not-returned',
  夜间出门: 'night-out',
  进屋未出: 'room-stay',
  孩子未归: 'child-not-home',
  孩子夜间独自在家: 'child-alone',
  用水过少: 'low-water',
  久未开门: 'no-door',
  上门看望: 'welfare-check',
}
const HABITS = Object.values(HABIT_WORDS)
const Day = Type.String({ pattern: '^20\\d\\d-\\d\\d-\\d\\d$' })
const DAY = 'a date YYYY-MM-DD'

const carePlans: Table = {
  file: 'care-plans.csv',
  required: false,
  row: Type.Object({
    residentId: Id,
    relation: maybe(enumOf(CONTACT_RELATIONS)),
    staffId: maybe(Id),
    name: maybe(Name),
    phone: maybe(Phone),
    consentAt: maybe(Day),
    consentBy: maybe(Type.String({ pattern: '^(self|c([1-9]|10))$' })),
    consentUntil: maybe(Day),
    off: maybe(Type.Array(enumOf(HABITS))),
    quiet: maybe(Type.Array(Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d$' }), { maxItems: 7 })),
  }),
  columns: [
    { key: 'residentId', alias: '居民', fix: 'the id of a resident of residents.csv; one row for each contact, in the order of the calls' },
    { key: 'relation', alias: '关系', words: CONTACT_WORDS, fix: oneOf(CONTACT_RELATIONS) },
    { key: 'staffId', alias: '工作人员', fix: 'the id of somebody of staff.csv, or empty with name and phone' },
    { key: 'name', alias: '姓名', fix: `${NAME}, for somebody who is not of the staff` },
    { key: 'phone', alias: '电话', fix: '5 to 20 digits, for somebody who is not of the staff' },
    { key: 'consentAt', alias: '同意日期', fix: `${DAY}, in the first row of the person; empty: not written down yet` },
    { key: 'consentBy', alias: '同意人', words: { 本人: 'self' }, fix: 'self, or c1 for the first contact, c2 for the second' },
    { key: 'consentUntil', alias: '同意至', fix: `${DAY}, the last day on which it holds; empty: until taken back` },
    { key: 'off', alias: '不看的预警', as: 'list', words: HABIT_WORDS, fix: `any of ${HABITS.join(', ')}, separated by |` },
    { key: 'quiet', alias: '免打扰', as: 'list', fix: 'local hours HH:MM-HH:MM, at most 7, separated by |' },
  ],
}

const OFFERED_WORDS = { 居民: 'resident', 巡查: 'field', 热线: 'hotline', 坐席: 'desk' }
const REACH_WORDS = { 本处: 'place', 本户: 'flat', 本单元: 'unit', 本楼: 'building', 本网格: 'grid', 各算各的: 'never' }
const Words = Type.Array(Type.String({ minLength: 1, maxLength: 60 }))

const matterKinds: Table = {
  file: 'matter-kinds.csv',
  required: false,
  row: Type.Object({
    id: Id,
    name: Name,
    group: Name,
    codes: Type.Array(BookCode),
    priority: Type.Integer({ minimum: 1, maximum: 4 }),
    clock: enumOf(['calendar', 'working']),
    family: maybe(Id),
    reach: maybe(enumOf(REACHES)),
    urgentFor: Type.Array(enumOf(CATEGORIES)),
    auto: maybe(Type.Boolean()),
    skills: Words,
    teamId: maybe(Id),
    offeredTo: Type.Array(enumOf(OFFERED_TO)),
    checklist: Words,
    mediation: maybe(Type.Boolean()),
  }),
  columns: [
    { key: 'id', alias: '编号', fix: ID },
    { key: 'name', alias: '名称', fix: NAME },
    { key: 'group', alias: '分组', fix: NAME },
    { key: 'codes', alias: '代码', as: 'codes', fix: 'book:version:kind:code:name, several separated by |, or empty' },
    { key: 'priority', alias: '级别', as: 'number', fix: '1 to 4, 1 the most urgent' },
    { key: 'clock', alias: '计时', words: { 自然时间: 'calendar', 工作时间: 'working' }, fix: 'calendar or working' },
    { key: 'family', alias: '同类', fix: 'one word for kinds that are one matter (water, fire …), or empty' },
    { key: 'reach', alias: '范围', words: REACH_WORDS, fix: oneOf(REACHES) },
    { key: 'urgentFor', alias: '优先照顾', as: 'list', words: CATEGORY_WORDS, fix: `any of ${CATEGORIES.join(', ')}, separated by |` },
    { key: 'auto', alias: '自动派单', as: 'yes', fix: 'yes (是) or empty' },
    { key: 'skills', alias: '技能', as: 'list', fix: 'words separated by |, or empty' },
    { key: 'teamId', alias: '队伍', fix: 'the id of a team, or empty' },
    { key: 'offeredTo', alias: '谁可报', as: 'list', words: OFFERED_WORDS, fix: `any of ${OFFERED_TO.join(', ')}, separated by |` },
    { key: 'checklist', alias: '核对事项', as: 'lines', fix: 'up to 60 characters each, separated by |' },
    { key: 'mediation', alias: '调解', as: 'yes', fix: 'yes (是) or empty' },
  ],
}

/** The files of an import, in the order in which they refer to each other. */
export const TABLES: Readonly<Record<TableName, Table>> = {
  places,
  households,
  residents,
  devices,
  staff,
  shifts,
  teams,
  holidays,
  thresholds,
  carePlans,
  matterKinds,
}
export const fileOf = (name: TableName): string => TABLES[name].file ?? `${name}.csv`
