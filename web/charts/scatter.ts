import { ScatterChart } from 'echarts/charts'
import { echarts } from './echarts.ts'

// for the desk alone: the wall draws no points
echarts.use([ScatterChart])
