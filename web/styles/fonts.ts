// the intranet has no fonts to fetch: both are served from here, Chinese in pieces by use
import '@fontsource-variable/noto-sans-sc/index.css'
import '@fontsource/barlow-condensed/latin-600.css'
