import type { Motif } from './drawing.ts'

/** By which door a matter comes in. */
export type Way = 'resident' | 'caller' | 'worker' | 'shop' | 'whistle'

/** One thing that people of the invented town report, and in whose words. */
export interface Matter {
  /** of the register of kinds */
  kind: string
  weight: number
  ways: readonly Way[]
  /** the reporter's own flat, unit or building; a fire lane, a place for waste; or one of these named spots */
  where: 'flat' | 'unit' | 'building' | 'lane' | 'waste' | readonly string[]
  /** local hours; all day unless said */
  hours?: readonly [string, string]
  says: readonly string[]
  /** a neighbour's words about the same */
  also?: string
  /** the neighbour sees it from the next staircase: for the officer to find that the two are one */
  alsoNextDoor?: boolean
  motif?: Motif
  /** the pool whose kind of matter it is, when the officer would rather ask for volunteers than send somebody */
  pool?: 'party' | 'volunteers'
  /** a whistle: whom it calls */
  teams?: readonly string[]
  arrive: string
  done: string
  /** what a verifier may find wanting */
  wanting?: string
  /** of a dispute: who is at odds */
  parties?: readonly string[]
  thanks: readonly string[]
}

const GATES = ['caihong-gate-east', 'caihong-gate-south', 'caihong-gate-west', 'caihong-gate-north'] as const

export const MATTERS: readonly Matter[] = [
  {
    kind: 'illegal-parking',
    weight: 5,
    ways: ['resident', 'shop', 'worker'],
    where: [...GATES, 'caihong-school'],
    hours: ['07:00', '22:00'],
    says: ['一辆白色小车停在路口转弯处，行人只能绕到机动车道上走', '门口停了一辆面包车一上午没动，送菜车进不来'],
    also: '路口那辆车还在，婴儿车过不去',
    motif: 'car',
    arrive: '到现场，车辆压住转弯处，已拍照',
    done: '联系上车主，车已挪走，路口恢复通行',
    wanting: '回访时车又停回来了，请再去一趟',
    thanks: ['来得快，车已经挪走了', '处理及时'],
  },
  {
    kind: 'fire-lane',
    weight: 3,
    ways: ['resident', 'worker'],
    where: 'lane',
    says: ['消防通道被两辆车堵住了，救护车来了都进不去', '消防通道上停了辆皮卡，没有留电话'],
    also: '楼下消防通道堵了，请来看看',
    motif: 'car',
    arrive: '消防通道停有车辆，已拍照并联系车主',
    done: '车辆已移走，通道畅通，补画了禁停线',
    thanks: ['通道通了，放心了', '很快就有人来了'],
  },
  {
    kind: 'burst-pipe',
    weight: 2,
    ways: ['resident', 'caller'],
    where: 'flat',
    says: ['厨房水管爆了，水已经流到客厅，总阀关不上', '卫生间进水管接头崩开，一直在喷水'],
    also: '楼上好像爆管了，我家天花板在滴水',
    motif: 'pipe',
    arrive: '已关单元总阀，止住水',
    done: '更换破裂管段，试水十分钟不漏，楼下已查看',
    wanting: '住户说接头还在渗，请复查',
    thanks: ['师傅来得很快，修得也好', '十几分钟就到了，谢谢'],
  },
  {
    kind: 'leak',
    weight: 4,
    ways: ['resident', 'caller'],
    where: 'flat',
    says: ['洗手池下面的水管漏水，用盆接着呢', '卫生间顶上渗水，墙皮都起泡了', '阳台地漏返水，家里有老人怕滑倒'],
    motif: 'pipe',
    arrive: '已找到漏点，是接头老化',
    done: '换了接头和密封圈，试水正常',
    wanting: '晚上又滴水了，请再看看',
    thanks: ['修好了，还帮忙擦了地', '不漏了，谢谢'],
  },
  {
    kind: 'street-light',
    weight: 3,
    ways: ['resident', 'worker', 'caller'],
    where: ['caihong-park', 'caihong-plaza', ...GATES],
    hours: ['06:00', '23:00'],
    says: ['南边小路的路灯两天没亮了，晚上看不见台阶', '广场边第三盏路灯一闪一闪的'],
    also: '这边路灯不亮，老人晚上散步看不清',
    motif: 'lamp',
    arrive: '核对灯杆编号，灯头进水',
    done: '更换灯头和镇流器，通电试亮正常',
    thanks: ['亮了，晚上敢出门了', '修得很快'],
  },
  {
    kind: 'bin-overflow',
    weight: 4,
    ways: ['resident', 'worker', 'shop'],
    where: 'waste',
    hours: ['06:30', '22:00'],
    says: ['垃圾桶满了，袋子堆到地上，有味道', '分类点的厨余桶满溢，周边有污水'],
    also: '垃圾点又满了，苍蝇很多',
    motif: 'bin',
    arrive: '桶已满溢，先清扫散落垃圾',
    done: '已清运并冲洗点位，换上空桶',
    wanting: '地上还有污水，请再冲洗',
    thanks: ['干净了', '清得很快，希望每天多收一次'],
  },
  {
    kind: 'noise',
    weight: 3,
    ways: ['resident', 'caller'],
    where: 'building',
    says: ['楼上一直在拖家具、放音响，孩子没法写作业', '隔壁装修午休时间还在打电钻'],
    also: '我们这层也听得见，吵得头疼',
    pool: 'party',
    arrive: '在楼道听到声音，已敲门沟通',
    done: '住户答应午休和晚上十点后不施工、不放音响',
    wanting: '投诉人说晚上又响了，请再劝导',
    thanks: ['安静多了', '劝得有道理，谢谢'],
  },
  {
    kind: 'neighbour-dispute',
    weight: 2,
    ways: ['resident', 'caller', 'worker'],
    where: 'unit',
    hours: ['08:00', '20:30'],
    says: ['楼道放鞋柜的事和对门吵起来了，请社区来调解', '空调滴水滴到楼下晾的被子，两家说不到一起'],
    pool: 'party',
    arrive: '分别听了两家的说法',
    done: '两家当面谈妥，各让一步，签了调解意见',
    parties: ['楼上住户', '楼下住户'],
    thanks: ['调解员有耐心', '话说开了就好了'],
  },
  {
    kind: 'ebike-indoors',
    weight: 3,
    ways: ['resident', 'worker'],
    where: 'unit',
    says: ['有人从窗户拉线下来给电动车充电', '单元门厅里停着三辆电动车，正在充电'],
    also: '一楼楼道里又有电动车在充电，怕起火',
    motif: 'ebike',
    arrive: '已拔下充电线，联系车主',
    done: '车辆推到车棚充电桩，飞线已拆，向车主讲了利害',
    thanks: ['处理得好，楼里住着放心', '希望多查几次'],
  },
  {
    kind: 'stairs-blocked',
    weight: 3,
    ways: ['resident', 'worker'],
    where: 'unit',
    hours: ['08:00', '20:00'],
    says: ['楼道里堆了纸箱和旧家具，轮椅过不去', '三楼转角堆满杂物，挡住了消火栓'],
    also: '楼道里堆了好多纸箱和旧家具，轮椅过不去',
    alsoNextDoor: true,
    motif: 'boxes',
    pool: 'party',
    arrive: '找到物主，是收的旧纸箱',
    done: '杂物已搬走，楼道畅通，消火栓可开启',
    wanting: '还剩两只旧沙发没搬',
    thanks: ['楼道通了', '邻居帮着一起搬的，很感谢'],
  },
  {
    kind: 'manhole',
    weight: 2,
    ways: ['worker', 'caller'],
    where: ['caihong-park', 'caihong-school', ...GATES],
    says: ['雨水井盖松动，踩上去会翘', '路边一块井盖裂了，车压过去响得厉害'],
    motif: 'manhole',
    arrive: '先放了围挡和警示锥',
    done: '更换井盖并加防坠网，复查稳固',
    thanks: ['先围起来这一点做得好', '处理妥当'],
  },
  {
    kind: 'elder-help',
    weight: 2,
    ways: ['resident', 'caller'],
    where: 'flat',
    hours: ['07:00', '21:00'],
    says: ['我爸一个人在家，灯泡坏了不敢爬高，能来人帮忙换一下吗', '腿脚不便，药吃完了，想请人帮忙去药房取'],
    pool: 'volunteers',
    arrive: '见到老人，精神不错',
    done: '事情办好，又帮着看了燃气和用电，已给家属回电',
    thanks: ['志愿者很热心', '太感谢了'],
  },
  {
    kind: 'care-service',
    weight: 3,
    ways: ['resident'],
    where: 'flat',
    hours: ['08:00', '20:00'],
    says: ['想请人教老人用手机挂号', '家里老人想理发，下不了楼'],
    pool: 'volunteers',
    arrive: '按约定时间上门',
    done: '已上门办好，约了下月再来',
    thanks: ['服务周到', '老人很高兴'],
  },
  {
    kind: 'dogs',
    weight: 2,
    ways: ['resident', 'caller'],
    where: ['caihong-park', 'caihong-plaza'],
    hours: ['06:00', '21:30'],
    says: ['南园有人遛大狗不牵绳，孩子吓哭了', '广场上狗粪没人收拾'],
    arrive: '找到犬主，查看犬证',
    done: '已劝导牵绳并告知规定，补办犬证',
    thanks: ['希望多巡逻', '处理了就好'],
  },
  {
    kind: 'fitness-gear',
    weight: 2,
    ways: ['resident', 'worker'],
    where: ['caihong-park'],
    hours: ['07:00', '20:00'],
    says: ['健身器材的踏板断了一边，怕孩子踩空'],
    motif: 'gear',
    arrive: '已停用并挂警示牌',
    done: '踏板焊接加固，试用正常',
    thanks: ['修好了，能锻炼了'],
  },
  {
    kind: 'street-stall',
    weight: 2,
    ways: ['shop', 'caller'],
    where: ['caihong-gate-east', 'caihong-gate-south', 'caihong-school'],
    hours: ['07:00', '21:00'],
    says: ['流动摊贩把人行道占满了，学生只能走马路', '店门口被水果摊挡住了'],
    motif: 'stall',
    arrive: '现场有三个流动摊位',
    done: '已劝离到疏导点，人行道恢复',
    thanks: ['路通了'],
  },
  {
    kind: 'street-stall',
    weight: 1,
    ways: ['whistle'],
    where: ['caihong-school', 'caihong-gate-east'],
    hours: ['07:00', '18:30'],
    says: ['吹哨：校门口摊贩占道、车辆乱停，放学时段拥堵，请市容、停车两队到场联合处置'],
    teams: ['enforcement-1', 'enforcement-2'],
    arrive: '到场，与兄弟队伍分工疏导',
    done: '摊位劝离、车辆挪走，放学时段定人值守',
    thanks: [],
  },
  {
    kind: 'policy',
    weight: 2,
    ways: ['resident', 'caller'],
    where: 'flat',
    hours: ['08:30', '18:00'],
    says: ['请问高龄津贴今年怎么申请，要带什么材料', '独生子女父母奖励还能补办吗'],
    pool: 'volunteers',
    arrive: '已查明政策依据',
    done: '已当面答复并留下办事指南和咨询电话',
    thanks: ['讲得清楚'],
  },
]

/** What the wall shows first after a start: a burst pipe, a matter that party members claim, one of the enforcement teams. */
export const OPENING: readonly string[] = ['burst-pipe', 'noise', 'illegal-parking']

/** report.noise → noise; a matter that nobody wrote about is undefined. */
export const matterWith = (kind: string): Matter | undefined => MATTERS.find((one) => `report.${one.kind}` === kind)
