package io.patina.collector.files;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Digests of a file's content, all made in one read.
 *
 * @param sha256 32 bytes
 * @param md5 16 bytes, or null where the scope did not ask for it
 */
public record Digests(ByteString sha256, @Nullable ByteString md5) {}
