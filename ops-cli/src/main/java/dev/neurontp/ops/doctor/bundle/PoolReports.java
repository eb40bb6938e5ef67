package dev.neurontp.ops.doctor.bundle;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.Secrets;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.Daemons;
import dev.neurontp.ops.client.LiveDaemons;
import dev.neurontp.ops.client.PathSegment;
import dev.neurontp.ops.console.CommandException;
import java.time.Duration;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What the live daemons of this user say of their pools: the state of each, why it failed, and what happened to it. */
public final class PoolReports {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MOST_DAEMONS = 8;
    private static final int MOST_POOLS = 32;
    private static final int LONGEST = 64 * 1024;

    private PoolReports() {}

    /** A text for a person, JSON where a daemon has sent it; with why where nothing could be learned. */
    public static String of(LiveDaemons live) {
        try {
            LiveDaemons.Found found = live.look();
            Daemons daemons = new Daemons(live);
            String said = found.live().stream()
                    .limit(MOST_DAEMONS)
                    .map(file -> daemon(daemons.of(file)))
                    .collect(Collectors.joining("\n"));
            String notes = found.notes().stream().map(note -> note + "\n").collect(Collectors.joining());
            return (said.isEmpty() ? "no neuron daemon of this user lives on this host\n" : said) + notes;
        } catch (CommandException e) {
            return "the daemons of this host are not known: " + e.getMessage() + "\n";
        }
    }

    private static String daemon(Daemon daemon) {
        StringBuilder text = new StringBuilder("daemon " + daemon.url() + "\n");
        try {
            JsonNode pools = Daemon.await(daemon.pools(TIMEOUT)).path("pools");
            pools.valueStream().limit(MOST_POOLS).forEach(pool -> {
                String id = pool.path("id").asString("");
                text.append(masked(daemon.get("/pools/" + PathSegment.of(id), TIMEOUT)))
                        .append('\n');
            });
            if (pools.size() > MOST_POOLS) {
                text.append("and ").append(pools.size() - MOST_POOLS).append(" more pools\n");
            }
        } catch (CommandException e) {
            text.append("did not answer: ").append(e.getMessage()).append('\n');
        } catch (ApiErrorException e) {
            text.append("did not answer: ")
                    .append(ApiErrors.explain(e).getMessage())
                    .append('\n');
        }
        return text.toString();
    }

    private static String masked(JsonNode said) {
        return Secrets.masked(ForeignText.lines(ApiJson.text(said), LONGEST));
    }
}
