/**
 * The commands of {@code patina baseline} that need no engine: keys and signatures, import and
 * export, diff, lint.
 *
 * <p>{@link io.patina.collector.baseline.BaselineCommand} is the door. {@code ImportFormat} and
 * {@code ExportFormat} list the formats; the readers and writers are in {@code io.patina.imports},
 * those that need this machine in the room {@code images}.
 */
@NullMarked
package io.patina.collector.baseline;

import org.jspecify.annotations.NullMarked;
