declare module 'mapbox-gl/dist/mapbox-gl-csp' {
  import mapboxgl from 'mapbox-gl'

  const withWorker: typeof mapboxgl & { workerUrl: string }
  export default withWorker
}
