@NullMarked
package io.patina.collector.agent;

import org.jspecify.annotations.NullMarked;
