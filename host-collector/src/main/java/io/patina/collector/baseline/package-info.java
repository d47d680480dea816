/**
 * The commands that need no engine: {@code patina baseline} with keys and signatures, import and
 * export, diff, lint, and {@code patina policy} with test and lint.
 *
 * <p>{@link io.patina.collector.baseline.BaselineCommand} is the door. {@code ImportFormat} and
 * {@code ExportFormat} list the formats; the readers and writers are in {@code io.patina.imports},
 * those that need this machine in the room {@code images}.
 */
@NullMarked
package io.patina.collector.baseline;

import org.jspecify.annotations.NullMarked;
