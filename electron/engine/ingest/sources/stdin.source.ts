import { defineSource } from './define.ts'
import { startPipe } from './pipe.ts'

export default defineSource({
  kind: 'stdin',
  title: 'Standard input',
  doc: 'Reads what is piped into the program, up to its end; an unterminated last line is a record. The format is told from the first bytes. What was read and not stored when the program dies is gone: a pipe cannot be read twice.',
  start: (context) => startPipe(context, () => process.stdin),
  async sample() {
    return { fileName: '', origin: 'stdin', head: null, whole: false }
  },
})
