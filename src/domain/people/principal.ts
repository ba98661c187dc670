declare const tenantBrand: unique symbol

/** In whose space something happens. On a laptop there is one, `local`. */
export type Tenant = string & { readonly [tenantBrand]: true }
export const LOCAL_TENANT = 'local' as Tenant

/** Who acts: `person:ada`, `agent:builder`, `system:worker`. */
export interface Principal {
  readonly kind: 'person' | 'agent' | 'system'
  readonly name: string
  readonly tenant: Tenant
}

/** The principal as the log names it. */
export function actorOf(principal: Principal): string {
  return `${principal.kind}:${principal.name}`
}
