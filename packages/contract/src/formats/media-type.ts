/** A media type with parameters (RFC 9110 section 8.3.1): `text/csv; label_size=2`. */
export interface MediaType {
  /** Lower case `type/subtype`. */
  readonly type: string;
  /** Parameters by lower-case name, quotes removed. */
  readonly parameters: Readonly<Record<string, string>>;
}
