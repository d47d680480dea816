package io.patina.imports.archives;

import java.util.OptionalLong;

/**
 * One layer of an image, from the bottom.
 *
 * @param name of the part that holds it
 * @param digest SHA-256 of the part as it is, hexadecimal; empty if the image does not say
 * @param size of the part, if the image says
 * @param unpacked SHA-256 of the tar archive in it, hexadecimal; empty if the image does not say
 */
record Layer(String name, String digest, OptionalLong size, String unpacked) {}
