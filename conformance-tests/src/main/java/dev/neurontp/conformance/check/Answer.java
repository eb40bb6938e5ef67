package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.Printable;

/** What a reply says, without what may differ from one time to the next: its tag, and an error's kind. */
record Answer(String op, String kind) {

    static Answer of(Reply reply) {
        return new Answer(
                reply.op().map(Printable::text).orElse("(no op)"),
                reply.isError()
                        ? reply.object().text("kind").map(Printable::text).orElse("(no kind)")
                        : "");
    }

    @Override
    public String toString() {
        return kind.isEmpty() ? "a reply " + op : "an error of kind " + kind;
    }
}
