import type { PublicationDraft } from '../../../shared/publication.ts'

/** What community staff publish at the first start. Hours from then, for what has a time. */
export interface Notice extends Omit<PublicationDraft, 'placeId' | 'startsAt' | 'until'> {
  /** days from today, and the local hour at which it begins */
  begins?: readonly [days: number, hour: number]
  /** days until it is over */
  days?: number
  /** how many sign up at once */
  signUps?: number
}

export const NOTICES: readonly Notice[] = [
  {
    kind: 'notice',
    title: '关于二次供水水箱清洗的停水通知',
    body: '各位居民：\n\n为保障用水安全，物业将于明日 14:00 至 17:00 清洗 1 栋至 12 栋二次供水水箱，期间停水。请提前储水，并关好水龙头。来水后如发黄，请放水几分钟再用。\n\n给您带来不便，敬请谅解。\n\n彩虹社区居委会、彩虹物业',
    days: 3,
  },
  {
    kind: 'notice',
    title: '电动自行车集中充电点启用，严禁飞线充电',
    body: '南园、东门、北门三处集中充电点已启用，共 96 个插座，扫码即可使用，每度电优惠 0.2 元。\n\n请勿将电动自行车、电池带入楼道、电梯和家中充电。发现飞线充电，请在手机“居民服务”里拍照上报，社区当日处理。',
    days: 30,
  },
  {
    kind: 'policy',
    title: '高龄津贴、失能护理补贴申领指南',
    body: '【对象】本市户籍年满 80 周岁的老人；经评估为中度以上失能的老人。\n\n【标准】80–89 周岁每月 50 元，90–99 周岁每月 100 元，100 周岁以上每月 300 元（以当年文件为准）。\n\n【材料】身份证、户口簿、本人银行卡。行动不便的，可由家属代办，或预约工作人员上门。\n\n【办理】社区便民大厅 2 号窗口，工作日 8:30–12:00、14:00–17:30。',
  },
  {
    kind: 'policy',
    title: '老旧小区加装电梯补助政策解读',
    body: '四层及以上无电梯住宅，本单元三分之二以上业主同意即可申请。每台补助最高 15 万元，可提取住房公积金。\n\n社区可协助召开业主协商会、代拟协议。有意向的单元请由楼栋长到社区登记。',
  },
  {
    kind: 'service',
    title: '便民服务日：磨刀、修伞、理发、量血压',
    body: '每周六上午 9:00–11:30，中心广场设便民摊位：磨刀剪、修雨伞、修拉链、义务理发、量血压测血糖。\n\n70 岁以上和行动不便的居民，可在“居民服务”里预约上门。',
    days: 60,
  },
  {
    kind: 'activity',
    title: '邻里百家宴·包饺子',
    body: '带上一道拿手菜，和邻居坐到一桌。社区准备面粉和馅料，现场评选“最像元宝的饺子”。\n\n欢迎老人和孩子一起来，独居老人由志愿者接送。',
    begins: [4, 10],
    where: '中心广场党群服务中心一楼',
    places: 60,
    signUps: 7,
  },
  {
    kind: 'activity',
    title: '急救课堂：心肺复苏与海姆立克',
    body: '市急救中心老师现场教学，每人都能在模型上练习，结业发给合格证。\n\n名额有限，报满后候补；不能来请提前取消，把名额让给邻居。',
    begins: [2, 19],
    where: '党群服务中心三楼多功能厅',
    places: 4,
    signUps: 6,
  },
  {
    kind: 'volunteer',
    title: '招募“银龄伙伴”：结对看望独居老人',
    body: '每周一次，上门或打电话陪独居老人说说话，看看水电燃气是否安全，有事报给网格员。\n\n社区统一培训和投保，记录志愿时长。',
    begins: [6, 9],
    where: '社区会议室（岗前培训）',
    places: 20,
    signUps: 4,
  },
]
