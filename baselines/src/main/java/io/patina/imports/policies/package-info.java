/**
 * What other tools are told a host should be: Keylime's runtime policy for IMA; Ignition's and
 * MachineConfig's files and units.
 */
@NullMarked
package io.patina.imports.policies;

import org.jspecify.annotations.NullMarked;
