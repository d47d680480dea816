/**
 * What of a host is observed: facets, paths and attributes, named by digest.
 *
 * <p>{@link io.patina.scope.ScopeFile} reads the YAML that people write; {@link
 * io.patina.scope.Scope} answers for a path whether it is observed and with which attributes;
 * {@link io.patina.scope.Glob} matches raw bytes.
 */
@NullMarked
package io.patina.scope;

import org.jspecify.annotations.NullMarked;
