/** Whether hosts are fit for a pool before any rank is started on them: one connection each, to this program in a mode of its own. */
package dev.neurontp.harness.preflight;
