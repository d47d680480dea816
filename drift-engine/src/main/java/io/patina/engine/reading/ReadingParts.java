package io.patina.engine.reading;

import io.patina.engine.ingest.DecisionTimers;
import io.patina.engine.ingest.IngestConfig;
import io.patina.engine.ingest.IngestFigures;
import io.patina.engine.ingest.Slices;
import io.patina.engine.ingest.Timers;
import io.patina.engine.ingest.TurnTimers;
import jakarta.inject.Singleton;

/** What a reading works with. */
@Singleton
record ReadingParts(
    Slices slices,
    Timers timers,
    TurnTimers turns,
    DecisionTimers decisions,
    Positions positions,
    IngestConfig config,
    IngestStatus status,
    IngestFigures figures) {}
