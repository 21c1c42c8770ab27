/** The one style sheet of a report in HTML. It needs no font that is not there, and prints. */
import { BODY, CHIP, FAINT, IMPACT, INK, LINE, LINK, QUIET, SEEN, SEVERITY_COLOUR, TLP_COLOUR, TRIED } from '../colours.ts'

const named = (prefix: string, colours: Readonly<Record<string, string>>): string =>
  Object.entries(colours)
    .map(([name, colour]) => `.${prefix}-${name.replace('+', '-')}{color:${colour}}`)
    .join('')

export const STYLE = `
*{box-sizing:border-box}
html{background:#fff;color:${BODY};font:14px/1.5 "IBM Plex Sans","IBM Plex Sans KR","Noto Sans KR","Malgun Gothic","Apple SD Gothic Neo",system-ui,sans-serif;font-variant-numeric:tabular-nums}
body{max-width:860px;margin:0 auto;padding:0 24px 48px}
:lang(ko){word-break:keep-all}
code,.code,time,.hash{font-family:"IBM Plex Mono","Cascadia Mono",Consolas,"Noto Sans Mono",ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
code,time{unicode-bidi:isolate}
p,td,dd,li,h1,h2,h3,h4{overflow-wrap:anywhere;unicode-bidi:isolate;white-space:pre-line}
a{color:${LINK};text-decoration:none}
a:focus-visible,a:hover{text-decoration:underline}
:target{background:#fff0a8}
.band{display:flex;justify-content:space-between;align-items:center;border-bottom:1px solid ${LINE};padding:12px 0;color:${QUIET};font-size:12px;position:sticky;top:0;background:#fff}
.band.end{position:static;border:0;border-top:1px solid ${LINE};margin-top:32px}
.tlp{font:600 16px/24px "IBM Plex Mono",Consolas,ui-monospace,monospace;background:#000;padding:0 8px}
.title{padding:32px 0 20px}
.title .kind{color:${QUIET};font-size:13px}
.title h1{font-size:26px;line-height:1.25;font-weight:600;color:${INK};margin:4px 0 12px}
.made{color:${QUIET};font-size:13px}
.made span{margin-right:20px}
nav{border-top:1px solid ${LINE};border-bottom:1px solid ${LINE};padding:10px 0;columns:2;font-size:13px;line-height:1.7}
nav a{display:block}
h2{font-size:19px;line-height:1.3;font-weight:600;color:${INK};margin:36px 0 10px;padding-top:8px;border-top:2px solid ${INK}}
h3{font-size:14px;font-weight:600;color:${INK};margin:20px 0 6px}
h4{font-size:13px;font-weight:600;color:${QUIET};margin:12px 0 4px}
p{margin:6px 0}
.aside{color:${QUIET};font-size:13px}
.step{position:relative;padding-left:26px}
.step>b{position:absolute;left:0;top:2px;width:17px;height:17px;border-radius:50%;background:${IMPACT};color:#fff;font:600 11px/17px system-ui,sans-serif;text-align:center}
b{font-weight:600;color:${INK}}
.cite{font:12px/17px "IBM Plex Mono",Consolas,ui-monospace,monospace;background:${CHIP};color:${LINK};padding:0 5px;border-radius:2px;display:inline-block;max-width:100%;vertical-align:baseline}
span.cite{background:${FAINT};color:${QUIET}}
table{width:100%;border-collapse:collapse;font-size:13px;line-height:1.45;margin:6px 0 12px;table-layout:fixed}
th{text-align:left;font-weight:500;color:${QUIET};font-size:12px;border-bottom:1px solid ${QUIET};padding:3px 8px 3px 0;vertical-align:bottom}
td{border-bottom:1px solid ${LINE};padding:4px 8px 4px 0;vertical-align:top}
.facts td:first-child{color:${QUIET}}
.right{text-align:right}
.day th{background:${FAINT};color:${INK};font-weight:600;padding:3px 8px;border-bottom:1px solid ${LINE}}
.quiet{color:${QUIET}}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(120px,1fr));gap:8px 0;margin:8px 0 14px}
.figures a{border-left:2px solid ${LINE};padding:0 12px;color:${QUIET};font-size:12px;line-height:1.4}
.figures b{display:block;font-size:20px;line-height:1.2;font-weight:600}
.counts a+a{margin-left:6px}
figure{margin:12px 0}
svg{display:block;width:100%;height:auto;background:#fff;border:1px solid ${LINE}}
dl{margin:0}
dt{font-weight:600;color:${INK};float:left;clear:left;width:168px;padding-right:12px}
dd{margin:0 0 6px 168px}
.hash{font-size:13px;color:${INK};overflow-wrap:anywhere}
${named('tlp', TLP_COLOUR)}
${named('severity', SEVERITY_COLOUR)}
svg .zone{fill:${FAINT}}svg .zone-name{fill:${QUIET};font-size:9px}
svg .edge{fill:none}svg .worked{stroke:${IMPACT};stroke-width:1.6}svg .tried{stroke:${TRIED};stroke-dasharray:4 3}svg .seen{stroke:${SEEN};stroke-width:.7}
svg .head.worked,svg .disc.worked{fill:${IMPACT};stroke:none}svg .head.tried,svg .disc.tried{fill:${TRIED};stroke:none}svg .head.seen,svg .disc.seen{fill:${SEEN};stroke:none}
svg .number{fill:#fff;font-size:8px;font-weight:600;text-anchor:middle}
svg .node{fill:#fff;stroke:${QUIET}}svg .node.worked{stroke:${IMPACT};stroke-width:1.6}
svg .name{fill:${INK};font:8px "IBM Plex Mono",Consolas,ui-monospace,monospace;text-anchor:middle}
@page{size:A4;margin:16mm 14mm}
@media print{html{font-size:11px}body{max-width:none;padding:0}.band{position:static}h2,h3,h4{break-after:avoid}tr,figure,p{break-inside:avoid}thead{display:table-header-group}}
`.trim()
