/**
 * What the tests of several modules share: processes, signals, and what a process holds. It knows files, pids and lines, and
 * uses no code of the product. The build packs it as the test jar of {@code worker}.
 */
package dev.neurontp.testing;
