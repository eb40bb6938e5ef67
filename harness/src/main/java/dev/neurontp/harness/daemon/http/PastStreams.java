package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.LogLines;
import dev.neurontp.harness.daemon.history.PastPool;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Events and lines of a pool that nothing will happen to any more: a stream of them ends at once. */
final class PastStreams {
    private PastStreams() {}

    /** What came after the event {@code since}; all where there is no such event, and nothing without {@code since}. */
    static void events(EventStream stream, List<EventView> events, Optional<String> since) throws IOException {
        int from = since.map(
                        id -> 1 + events.stream().map(EventView::id).toList().indexOf(id))
                .orElse(events.size());
        for (EventView event : events.subList(from, events.size())) {
            stream.event(event.id(), event.type(), event);
        }
        stream.flush();
    }

    /** The newest lines that are wanted. */
    static LogLines lines(LogLines kept, Predicate<LogLines.Line> wanted, int most) {
        List<LogLines.Line> lines = kept.lines().stream().filter(wanted).toList();
        return new LogLines(
                lines.subList(Math.max(0, lines.size() - most), lines.size()), kept.lastSeq(), kept.dropped());
    }

    static void lines(EventStream stream, LogLines lines, PastPool pool) throws IOException {
        for (LogLines.Line line : lines.lines()) {
            stream.event(Long.toString(line.seq()), LogLines.LINE_EVENT, line);
        }
        stream.event(Long.toString(lines.lastSeq()), LogLines.END_EVENT, pool.summary());
        stream.flush();
    }
}
