export * from '../keys/use-keys.tsx'
