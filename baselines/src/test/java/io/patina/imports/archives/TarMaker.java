package io.patina.imports.archives;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes tar archives by hand, also such as no tar would write. */
final class TarMaker {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TarMaker file(String path, String content) {
    return add(path, '0', 0644, "", content.getBytes(StandardCharsets.UTF_8));
  }

  TarMaker directory(String path) {
    return add(path, '5', 0755, "", new byte[0]);
  }

  TarMaker link(String path, String target) {
    return add(path, '2', 0777, target, new byte[0]);
  }

  TarMaker hardLink(String path, String target) {
    return add(path, '1', 0644, target, new byte[0]);
  }

  TarMaker pax(String key, byte[] value) {
    int body = 1 + key.length() + 1 + value.length + 1;
    int length = body + Integer.toString(body).length();
    length = body + Integer.toString(length).length();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.UTF_8));
    record.writeBytes(value);
    record.write('\n');
    return add("PaxHeaders/x", 'x', 0644, "", record.toByteArray());
  }

  TarMaker add(String path, char type, int mode, String link, byte[] content) {
    header(path, type, mode, link, content.length);
    return raw(content);
  }

  TarMaker header(String path, char type, int mode, String link, long size) {
    byte[] h = new byte[512];
    put(h, 0, path);
    put(h, 100, String.format("%07o", mode));
    put(h, 108, "0000000");
    put(h, 116, "0000000");
    put(h, 124, String.format("%011o", size));
    put(h, 136, "00000000000");
    Arrays.fill(h, 148, 156, (byte) ' ');
    h[156] = (byte) type;
    put(h, 157, link);
    put(h, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte b : h) {
      sum += b & 0xff;
    }
    put(h, 148, String.format("%06o", sum) + "\0 ");
    out.writeBytes(h);
    return this;
  }

  /** Content, filled up to a block. */
  TarMaker raw(byte[] content) {
    out.writeBytes(content);
    out.writeBytes(new byte[(512 - content.length % 512) % 512]);
    return this;
  }

  byte[] unfinished() {
    return out.toByteArray();
  }

  byte[] done() {
    out.writeBytes(new byte[1024]);
    return out.toByteArray();
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
