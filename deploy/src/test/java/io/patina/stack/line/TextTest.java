package io.patina.stack.line;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void nothingThatATerminalWouldExecuteRemains() {
    assertEquals("?[31mred?[0m", Text.printable("\u001b[31mred\u001b[0m"));
    assertEquals("a?b?c?d", Text.printable("a\nb\u202ec\u2028d"));
    assertEquals("?", Text.printable("\u009b"));
  }

  @Test
  void lettersOfEveryScriptRemain() {
    assertEquals("Größe 大小 😀", Text.printable("Größe 大小 😀"));
  }
}
