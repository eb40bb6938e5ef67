package dev.neurontp.harness.preflight;

import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The looks that have been started and are not over: what they have started elsewhere may not end by itself. Any thread. */
final class LooksUnderWay {
    private final Placement placement;
    private final Set<Placement.Rank> ranks = ConcurrentHashMap.newKeySet();

    LooksUnderWay(Placement placement) {
        this.placement = placement;
    }

    void begin(Placement.Rank rank) {
        ranks.add(rank);
    }

    void over(Placement.Rank rank) {
        ranks.remove(rank);
    }

    /** Has their launchers end what they have started, all at once since one may not answer. Bounded. */
    void endAll() {
        List<Thread> ends = new ArrayList<>();
        for (Placement.Rank rank : ranks) {
            Optional<EndCommand> command = placement.end(rank);
            if (command.isEmpty()) {
                continue;
            }
            try {
                ends.add(DaemonThread.start("preflight-end-" + rank.rank(), () -> end(command.get())));
            } catch (ThreadLimitException _) {
                end(command.get());
            }
        }
        for (Thread end : ends) {
            try {
                end.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void end(EndCommand command) {
        try {
            command.runForUnheard(Deadline.in(EndCommand.LIMIT));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
