package org.example;

import dev.neurontp.conformance.junit.WireContractTests;
import dev.neurontp.conformance.junit.WorkerJudge;
import java.nio.file.Path;

/** Holds worker.py to the wire contract: a test for each rule. */
class WorkerWireTest extends WireContractTests {
    @Override
    protected WorkerJudge judge() {
        return WorkerJudge.of("python3", "worker.py").report(Path.of("target", "wire"));
    }
}
