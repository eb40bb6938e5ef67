package dev.neurontp.conformance.catalogue;

import static dev.neurontp.conformance.check.Script.line;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Expect;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.check.Script;
import dev.neurontp.conformance.json.JsonValue.JsonNumber;
import dev.neurontp.conformance.json.JsonValue.JsonString;
import dev.neurontp.conformance.json.JsonValue.Member;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** O2, O9, O10: what stands in replies. The form of every reply of a run is judged as well. */
final class ReplyChecks {

    private static final long U32_MAX = 0xffff_ffffL;

    private ReplyChecks() {}

    static List<Check> all() {
        return List.of(
                new Check.Own("O2.largest", "the largest numbers in plain digits", ReplyChecks::largest),
                new Check.Examples(
                        "O9.pong",
                        "a pong has its four fields",
                        List.of(exact("{\"op\":\"ping\"}", "op", "rank", "world_size", "cuda_device"))),
                new Check.Examples(
                        "O9.error",
                        "an error has its three fields",
                        List.of(
                                exact("{\"op\":\"no such op\"}", "op", "kind", "message"),
                                exact("no json", "op", "kind", "message"),
                                exact("{\"op\":\"init\"}", "op", "kind", "message"))),
                new Check.Examples(
                        "O10.words",
                        "errors have a kind and words",
                        List.of(
                                words("{}"),
                                words("no json"),
                                words("{\"op\":\"\"}"),
                                words("{\"op\":\"no such op\"}"))));
    }

    private static void largest(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker worker = context.start(new Identity(U32_MAX - 1, U32_MAX, U32_MAX));
        worker.send("{\"op\":\"ping\"}");
        worker.reply("a pong with its numbers as integers in plain digits", ReplyChecks::hasPlainNumbers);
        LifeChecks.shutsDown(context, worker);
    }

    private static boolean hasPlainNumbers(Reply reply) {
        return List.of("rank", "world_size", "cuda_device").stream()
                .allMatch(name -> reply.object().get(name).stream()
                        .allMatch(value -> value instanceof JsonNumber number
                                && number.spelling().matches("[0-9]+")));
    }

    private static Script exact(String request, String... fields) {
        TreeSet<String> wanted = new TreeSet<>(List.of(fields));
        return line(
                request,
                Expect.reply(
                        "a reply with exactly the fields " + wanted,
                        reply -> wanted.equals(reply.object().members().stream()
                                .map(Member::name)
                                .collect(Collectors.toCollection(TreeSet::new)))));
    }

    private static Script words(String request) {
        return line(
                request,
                Expect.reply(
                        "an error whose kind and message are strings, the message not empty",
                        reply -> reply.object()
                                        .get("kind")
                                        .filter(JsonString.class::isInstance)
                                        .isPresent()
                                && reply.object()
                                        .text("message")
                                        .filter(message -> !message.isEmpty())
                                        .isPresent()));
    }
}
