/** Java and Maven of the machine; their absence is said with what to install or which variable to set. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StackError } from '../messages.ts';

const run = promisify(execFile);
/** Kafka 4 brokers need Java 17 (KIP-1013). */
const OLDEST_JAVA = 17;

const inFolder = (variable: string, program: string): string | undefined => {
  const folder = process.env[variable];
  return folder ? join(folder, 'bin', program) : undefined;
};

async function versionOf(java: string): Promise<number | undefined> {
  try {
    const { stderr, stdout } = await run(java, ['-version']);
    // `openjdk version "17.0.15"`; up to Java 8 it was "1.8.0_392".
    const found = /version "(?:1\.)?(\d+)/.exec(stderr + stdout);
    return found ? Number(found[1]) : undefined;
  } catch {
    return undefined;
  }
}

/** Path of a Java that can run the broker, from JAVA_HOME or PATH. Throws `JAVA_MISSING`. */
export async function findJava(): Promise<string> {
  const java = inFolder('JAVA_HOME', 'java') ?? 'java';
  const version = await versionOf(java);
  if (version !== undefined && version >= OLDEST_JAVA) return java;
  const found = version === undefined ? '' : ` (${java}: ${version})`;
  throw new StackError('JAVA_MISSING', {
    vi: `Kafka cần Java ${OLDEST_JAVA} trở lên${found}. Hãy cài đặt (Debian, Ubuntu: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk@17), hoặc đặt JAVA_HOME tới nơi đã cài, hoặc đặt KAFKA_BROKERS tới một Kafka có sẵn.`,
    en: `Kafka needs Java ${OLDEST_JAVA} or later${found}. Install it (Debian, Ubuntu: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk@17), or set JAVA_HOME to where it is, or set KAFKA_BROKERS to an existing Kafka.`,
  });
}

/** Path of Maven, from MAVEN (the program), MAVEN_HOME or PATH. Throws `MAVEN_MISSING`. */
export async function findMaven(): Promise<string> {
  const maven = process.env['MAVEN'] ?? inFolder('MAVEN_HOME', 'mvn') ?? 'mvn';
  try {
    await run(maven, ['-v']);
    return maven;
  } catch (cause) {
    throw new StackError(
      'MAVEN_MISSING',
      {
        vi: `Lần đầu cần Maven để tải Kafka; không chạy được "${maven}". Hãy cài đặt (Debian, Ubuntu: apt-get install maven; macOS: brew install maven), hoặc đặt MAVEN tới chương trình mvn, hoặc đặt KAFKA_BROKERS tới một Kafka có sẵn.`,
        en: `The first start needs Maven to fetch Kafka; "${maven}" does not run. Install it (Debian, Ubuntu: apt-get install maven; macOS: brew install maven), or set MAVEN to the program mvn, or set KAFKA_BROKERS to an existing Kafka.`,
      },
      { cause },
    );
  }
}
