import { keepNewestUrl } from "#app/ui/newest-url.ts"

keepNewestUrl(window.history, window.location)
