package dev.neurontp.harness.validate;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WireException;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The ranks of a daemon's pool, asked through its operations. It is never ended here. */
final class JoinedGroup implements Group {
    private static final Duration SHORT = Duration.ofSeconds(30);

    private final PoolCalls calls;

    JoinedGroup(PoolCalls calls) {
        this.calls = calls;
    }

    @Override
    public List<RankDevice> identify() throws GroupLostException {
        JsonNode result = calls.ask("device", null, SHORT);
        List<RankDevice> found = new ArrayList<>();
        SortedMap<Integer, WorkerResponse> replies = replies(result);
        for (var reply : replies.entrySet()) {
            int rank = reply.getKey();
            long pid = result.path("replies").path(rank).path("pid").asLong(0);
            found.add(RankDevice.of(rank, pid, calls.devices().get(rank), reply.getValue()));
        }
        return List.copyOf(found);
    }

    /** It has joined already. */
    @Override
    public Duration join() {
        return Duration.ZERO;
    }

    @Override
    public long sanity() throws GroupLostException {
        return calls.ask("sanity", null, SHORT).path("sum").asLong(-1);
    }

    @Override
    public Answer run(Case of) throws GroupLostException {
        return OwnGroup.answer(replies(calls.ask("collective", body(of.request().orElseThrow()), of.limit())));
    }

    private static ObjectNode body(XCollective asked) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("collective", asked.collective()).put("type", asked.type());
        if (!asked.redop().isEmpty()) {
            body.put("redop", asked.redop());
        }
        if (!asked.pairs().isEmpty()) {
            body.put("pairs", asked.pairs());
        }
        return body.put("count", asked.count())
                .put("root", asked.root())
                .put("place", asked.place())
                .put("shift", asked.shift())
                .put("warmup", asked.warmup())
                .put("iterations", asked.iterations())
                .put("checks", asked.checks())
                .put("seed", asked.seed())
                .put("timeout_ms", asked.timeoutMs());
    }

    /** The reply of every rank, in the order of the ranks. */
    private SortedMap<Integer, WorkerResponse> replies(JsonNode result) throws GroupLostException {
        SortedMap<Integer, WorkerResponse> replies = new TreeMap<>();
        for (JsonNode one : result.path("replies")) {
            try {
                replies.put(
                        one.path("rank").asInt(-1),
                        WireCodec.decodeResponse(one.path("reply").toString().getBytes(StandardCharsets.UTF_8)));
            } catch (WireException e) {
                throw strange("its reply is none: " + ForeignText.of(e.getMessage(), ForeignText.NAME));
            }
        }
        int ranks = calls.devices().size();
        if (replies.size() != ranks || replies.firstKey() != 0 || replies.lastKey() != ranks - 1) {
            throw strange("it has replies of ranks " + replies.keySet() + " for a pool of " + ranks);
        }
        for (WorkerResponse reply : replies.values()) {
            requireKnownSources(reply, ranks);
        }
        return replies;
    }

    private void requireKnownSources(WorkerResponse reply, int ranks) throws GroupLostException {
        if (reply instanceof XCollectiveResult result) {
            for (XCollectiveResult.Source source : result.wrongFrom()) {
                if (source.rank() >= ranks) {
                    throw strange("its wrong_from names rank " + source.rank() + " for a pool of " + ranks);
                }
            }
        }
    }

    private GroupLostException strange(String why) {
        return GroupLostException.failed(
                "what answers for pool " + calls.id() + " is no daemon of this version: " + why, null);
    }

    /** It stays joined; that it still answers is what is looked at. */
    @Override
    public CaseResult leave(Case of, boolean whole) throws GroupLostException {
        String pool = "pool " + calls.id();
        if (!whole) {
            return CaseResult.without(
                    of, Status.SKIPPED, pool + " is as this run left it: tpctl status " + calls.id(), List.of());
        }
        try {
            calls.ask("ping", null, SHORT);
            return CaseResult.without(of, Status.PASS, pool + " stays joined, and every rank answers", List.of());
        } catch (GroupLostException e) {
            if (e.why() != GroupLostException.Cause.FAILED) {
                throw e;
            }
            return CaseResult.without(
                    of,
                    Status.FAIL,
                    pool + " does not answer any more",
                    e.getMessage().lines().toList());
        }
    }

    @Override
    public void close() {
        calls.cancel();
    }
}
