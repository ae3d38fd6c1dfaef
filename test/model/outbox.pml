/* outbox.pml -- events of one job, written by two coordinators under the job's row, relayed by both to a broker that may
 * refuse any publish. The code: shared/db/write-events.ts, shared/relay/relay-events.ts. A consumer drops what it has
 * seen (by id); what is left shall come in the order of `seq`, without a gap.
 *
 * LIST  1 a relay takes all unpublished events of the job, from one look   0 only those that it wrote itself
 * WAIT  1 the next event goes out when the one before is confirmed   0 whatever became of it
 * MARK  1 an event is noted as published after it was confirmed   0 before it is sent
 * LOST publishes that the broker refuses (no confirm), CRASH relays that are killed and start anew, N events */
#ifndef LIST
#define LIST 1
#endif
#ifndef WAIT
#define WAIT 1
#endif
#ifndef MARK
#define MARK 1
#endif
#ifndef LOST
#define LOST 1
#endif
#ifndef CRASH
#define CRASH 1
#endif
#ifndef N
#define N 3
#endif
#define BIT(x) (1<<(x))
byte written; byte author[N + 1]; byte published;   /* rows: the last seq, who wrote it, and a set */
byte last;                                          /* consumer: the highest seq it has seen */
byte nlost, ncrash;
chan queue = [3] of { byte };
#define ALL (last==N)

proctype Writer() {
  do
  :: atomic { written<N -> written++; author[written]=1; printf("C1 writes %d\n",written) }
  :: atomic { written<N -> written++; author[written]=2; printf("C2 writes %d\n",written) }
  :: written==N -> break
  od
}

proctype Relay(byte id) {
  byte list, done, e; bool sent;
again:
  do
  :: atomic { list=0; done=0; e=1;
       do
       :: e<=written && !(published&BIT(e)) && (LIST || author[e]==id) -> list=list|BIT(e); e++
       :: e<=written && !(!(published&BIT(e)) && (LIST || author[e]==id)) -> e++
       :: e>written -> break
       od; e=1 };
     if
     :: list==0 -> if :: ALL -> goto end :: else -> skip fi
     :: else -> break
     fi
  od;
  do
  :: atomic { e<=N && !(list&BIT(e)) -> e++ }
  :: e<=N && (list&BIT(e)) ->
     if
     :: !MARK -> published=published|BIT(e)
     :: else
     fi;
     if
     :: queue!e -> sent=true; printf("C%d publishes %d\n",id,e)
     :: atomic { nlost<LOST -> nlost++; sent=false; printf("C%d: %d is not confirmed\n",id,e) }
     fi;
     if
     :: sent -> done=done|BIT(e); e++
     :: !sent && WAIT -> break
     :: !sent && !WAIT -> e++
     fi
  :: atomic { ncrash<CRASH -> ncrash++; printf("C%d is killed\n",id) }; goto again
  :: e>N -> break
  od;
  if
  :: MARK -> published=published|done
  :: else
  fi;
  goto again;
end:
  skip
}

proctype Consumer() {
  byte e;
end:
  do
  :: atomic { queue?e -> if :: e<=last -> printf("consumer drops %d, seen\n",e) :: else -> printf("consumer sees %d\n",e); assert(e==last+1); last=e fi }
  od
}
init { atomic { run Writer(); run Relay(1); run Relay(2); run Consumer() } }
#ifdef LIVE
ltl told { <> ALL }
#endif
