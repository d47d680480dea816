package io.patina.manifest;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.wire.v1.ManifestHeader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads canonical bytes that may be hostile, entry by entry, and checks each. */
final class ManifestReader {
  private final CodedInputStream in;
  private final Digest scope;
  private @Nullable FactKey previous;
  private int count;

  ManifestReader(CodedInputStream in) throws IOException, MalformedManifestException {
    this.in = in;
    in.setSizeLimit(Integer.MAX_VALUE);
    try {
      ByteString header = frame();
      ManifestHeader wire = ManifestHeader.parseFrom(header);
      if (wire.getForm() != Manifest.FORM) {
        throw new MalformedManifestException("form " + wire.getForm() + " is not known here");
      }
      if (!wire.getUnknownFields().asMap().isEmpty() || !wire.toByteString().equals(header)) {
        throw new MalformedManifestException("the header is not in canonical form");
      }
      this.scope = new Digest(wire.getScope());
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw malformed(e);
    }
  }

  Digest scope() {
    return scope;
  }

  /** Bytes read so far: where the next entry's length is. */
  int position() {
    return in.getTotalBytesRead();
  }

  boolean hasNext() throws IOException {
    return !in.isAtEnd();
  }

  Entry next() throws IOException, MalformedManifestException {
    try {
      Entry entry = Entry.decode(frame());
      if (previous != null && previous.compareTo(entry.key()) >= 0) {
        throw new MalformedManifestException("not in order at " + entry.key());
      }
      previous = entry.key();
      count++;
      return entry;
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw malformed(e);
    }
  }

  private MalformedManifestException malformed(Exception cause) {
    return new MalformedManifestException("entry " + count + ": " + cause.getMessage(), cause);
  }

  /** Reads a length and that many bytes; a length in more bytes than it needs is not canonical. */
  private ByteString frame() throws IOException, MalformedManifestException {
    int start = in.getTotalBytesRead();
    int length = in.readRawVarint32();
    int spent = in.getTotalBytesRead() - start;
    if (length < 0 || spent != CodedOutputStream.computeUInt32SizeNoTag(length)) {
      throw new MalformedManifestException("a length at byte " + start + " is not canonical");
    }
    // Asked before anything is allocated: the length is the sender's word.
    if (length > Manifest.MAX_FRAME) {
      throw new MalformedManifestException("a frame of " + length + " bytes at byte " + start);
    }
    return ByteString.copyFrom(in.readRawBytes(length));
  }
}
