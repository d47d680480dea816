/**
 * The file in which people write what a baseline allows beside its manifest.
 *
 * <p>{@link io.patina.expectations.ExpectationsFile} reads one YAML document and names line, column
 * and what to write instead; {@link io.patina.expectations.Extending} follows {@code extends} from
 * file to file. {@code expectations.schema.json} is the JSON Schema for editors.
 */
@NullMarked
package io.patina.expectations;

import org.jspecify.annotations.NullMarked;
