import { Component, type ReactNode } from 'react'
import { withTranslation, type WithTranslation } from 'react-i18next'
import { ErrorState } from '../components/States.tsx'

/** A fault inside a view stays inside it: the frame, the engine's state and the other views go on. */
class Boundary extends Component<WithTranslation & { readonly children: ReactNode }, { readonly message: string | null }> {
  override state = { message: null as string | null }
  static getDerivedStateFromError(error: unknown): { message: string } {
    return { message: error instanceof Error ? error.message : String(error) }
  }
  override render(): ReactNode {
    const { t, children } = this.props
    if (this.state.message === null) return children
    return (
      <ErrorState
        error={{ code: 'internal', message: this.state.message, correlationId: 'screen' }}
        what={t('shell:fault.view')}
        works={t('shell:fault.works')}
        onRetry={() => this.setState({ message: null })}
      />
    )
  }
}
export const ViewFault = withTranslation()(Boundary)
