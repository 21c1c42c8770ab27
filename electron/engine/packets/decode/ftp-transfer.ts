/** What an FTP connection says of the transfer that it agreed on; its command comes after the agreement. */
export interface FtpTransfer {
  /** `PASV`, `EPSV`, `PORT`, `EPRT`. */
  readonly method: string
  /** `RETR`, `LIST` ...; '' as long as it is not known. */
  command: string
  /** What stands behind the command. */
  name: string
  readonly wantsObjects: boolean
}
