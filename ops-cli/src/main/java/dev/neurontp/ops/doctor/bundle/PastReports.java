package dev.neurontp.ops.doctor.bundle;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.daemon.history.PastPool;
import dev.neurontp.harness.daemon.history.PastPools;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.Secrets;
import dev.neurontp.ops.client.ApiJson;
import java.io.IOException;
import java.util.List;

/** What daemons of this user have written down of pools that are in no list any more: the state of each, and its last events. */
public final class PastReports {
    private static final int MOST_POOLS = 16;
    private static final int MOST_EVENTS = 64;
    private static final int LONGEST = 64 * 1024;

    private PastReports() {}

    /** A text for a person, JSON where a daemon has written it, the newest pool first; with why where nothing could be read. */
    public static String of(PastPools past) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        try {
            PastPools.Found found = past.all();
            List<PastPool> newest = found.pools().reversed();
            for (PastPool pool : newest.stream().limit(MOST_POOLS).toList()) {
                text.append(pool(past, pool));
            }
            if (newest.size() > MOST_POOLS) {
                text.append("and ").append(newest.size() - MOST_POOLS).append(" older pools\n");
            }
            found.problems().forEach(problem -> text.append(problem).append('\n'));
        } catch (IOException e) {
            text.append(e.getMessage()).append('\n');
        }
        return text.isEmpty() ? "no pool is in the history (looked in " + past.places() + ")\n" : text.toString();
    }

    private static String pool(PastPools past, PastPool pool) throws InterruptedException {
        StringBuilder text = new StringBuilder("pool " + pool.id() + " in " + pool.place() + "\n");
        try {
            text.append(masked(past.view(pool)));
            List<EventView> events = past.events(pool);
            events.subList(Math.max(0, events.size() - MOST_EVENTS), events.size())
                    .forEach(event -> text.append(masked(event)));
        } catch (IOException e) {
            text.append("not read: ").append(e.getMessage()).append('\n');
        }
        return text.append('\n').toString();
    }

    private static String masked(Object said) {
        return Secrets.masked(ForeignText.lines(ApiJson.text(ApiJson.tree(said)), LONGEST)) + "\n";
    }
}
