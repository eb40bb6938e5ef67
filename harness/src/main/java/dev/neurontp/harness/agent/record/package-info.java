/** What an agent says on its stderr, as records. Nothing here knows a process or a pool. */
package dev.neurontp.harness.agent.record;
