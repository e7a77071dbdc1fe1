import 'vant/lib/index.css'
import './phone.css'
