export default function AlertsView() { return null }
