package io.patina.imports;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that refuses, rather than ends, beyond its bound: a source that is cut is not whole. */
public final class BoundedInput extends FilterInputStream {

  private final String what;
  private final long bound;
  private long left;

  /**
   * @param what names the source in the refusal
   * @param bound most bytes
   */
  public BoundedInput(InputStream in, long bound, String what) {
    super(in);
    this.what = what;
    this.bound = bound;
    this.left = bound;
  }

  /** Bytes read so far. */
  public long spent() {
    return bound - left;
  }

  /** The bound was passed. */
  public static final class Exceeded extends IOException {
    Exceeded(String message) {
      super(message);
    }
  }

  @Override
  public int read() throws IOException {
    int b = in.read();
    if (b >= 0) {
      spend(1);
    }
    return b;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int n = in.read(target, offset, length);
    if (n > 0) {
      spend(n);
    }
    return n;
  }

  @Override
  public long skip(long n) throws IOException {
    long skipped = in.skip(n);
    spend(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void spend(long n) throws Exceeded {
    left -= n;
    if (left < 0) {
      throw new Exceeded(what + " is over " + bound + " bytes");
    }
  }
}
