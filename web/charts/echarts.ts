import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

// only what the trends draw: the whole library would be a third of the page
echarts.use([BarChart, LineChart, GridComponent, MarkLineComponent, CanvasRenderer])

export { echarts }
export type ChartOption = echarts.EChartsCoreOption

/** Canvas does not read CSS variables. */
export const INK = {
  ink: '#dbe3ec',
  ink2: '#93a1b1',
  ink3: '#5d6b7b',
  hairline: '#1e2936',
  today: '#8fb6d8',
  usual: '#5d6b7b',
  out: '#4f6378',
}
