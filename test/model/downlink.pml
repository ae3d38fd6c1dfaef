/* downlink.pml -- two queues, two workers of one slot each that consume both. Task A encodes for hours, task B is short.
 * The code: services/worker/downlink/{amqp,keep-consumers,claim-for-token}.ts. A token is held until its attempt has ended
 * (late ack); a delivery that finds no free slot goes back once the consumers are cancelled.
 *
 * BEYOND 1 the consumers are cancelled, then the delivery goes back   0 it is kept until a slot is free
 *        2 it goes back while the consumers are still there
 * RC     1 reconcile: ready < pending, the difference is published   0 none
 * LOSS tokens that the broker loses, TAKEN times that it takes back all a worker holds (ack timeout, lost connection):
 * the attempts go on, and the late acks hit nothing */
#ifndef BEYOND
#define BEYOND 1
#endif
#ifndef RC
#define RC 1
#endif
#ifndef LOSS
#define LOSS 0
#endif
#ifndef TAKEN
#define TAKEN 0
#endif
#define A 0
#define B 1
#define OTHER(id) (3-(id))
byte ready[2] = 1;             /* tokens in the queue */
bool pending[2] = true;
byte runs[2];                  /* how many attempts at a task run now */
bool doneB;
bool busy[3], consuming[3];
byte held[6];                  /* [2*id+queue] tokens of that queue that a worker holds for its attempt */
byte beyond[6];                /* tokens that found no free slot */
#define AT(id,k) (2*(id-1)+(k))
byte nloss, ntaken;
bool bounce;                   /* pulse: a token went back into its queue */

inline deliver(k) {
  ready[k]--;
  if
  :: !busy[id] && pending[k] -> pending[k]=false; runs[k]++; assert(runs[k]<2); busy[id]=true; mine=k; held[AT(id,k)]=1; printf("W%d claims %d (0=A, 1=B)\n",id,k)
  :: !busy[id] && !pending[k] -> printf("W%d claims for a token of %d: nothing, acked\n",id,k)
  :: busy[id] -> beyond[AT(id,k)]++; printf("W%d has no slot for a token of %d\n",id,k)
  fi
}
inline giveBack(k) { beyond[AT(id,k)]--; ready[k]++; bounce=true; printf("W%d gives a token of %d back\n",id,k) }

proctype Worker(byte id) {
  byte mine;
  do
  :: atomic { !busy[id] && !consuming[id] -> consuming[id]=true }
  :: atomic { busy[id] && consuming[id] && BEYOND!=2 -> consuming[id]=false; printf("W%d cancels its consumers\n",id) }
  :: atomic { consuming[id] && ready[A]>0 && beyond[AT(id,A)]==0 -> deliver(A) }
  :: atomic { consuming[id] && ready[B]>0 && beyond[AT(id,B)]==0 -> deliver(B) }
  :: atomic { BEYOND==1 && busy[id] && !consuming[id] && beyond[AT(id,A)]>0 -> giveBack(A) }; bounce=false
  :: atomic { BEYOND==1 && busy[id] && !consuming[id] && beyond[AT(id,B)]>0 -> giveBack(B) }; bounce=false
  :: atomic { BEYOND==2 && busy[id] && beyond[AT(id,A)]>0 -> giveBack(A) }; bounce=false
  :: atomic { BEYOND==2 && busy[id] && beyond[AT(id,B)]>0 -> giveBack(B) }; bounce=false
  :: atomic { !busy[id] && beyond[AT(id,A)]>0 -> beyond[AT(id,A)]--; ready[A]++; deliver(A) }
  :: atomic { !busy[id] && beyond[AT(id,B)]>0 -> beyond[AT(id,B)]--; ready[B]++; deliver(B) }
  :: atomic { busy[id] && mine==B -> busy[id]=false; held[AT(id,B)]=0; runs[B]--; doneB=true; printf("W%d has finished B\n",id) }
  :: doneB && runs[A]>0 -> break
  od
}
proctype Reconcile() {
  do
  :: atomic { RC && pending[A] && ready[A]<1 -> ready[A]++; printf("reconcile publishes a token of A\n") }
  :: atomic { RC && pending[B] && ready[B]<1 -> ready[B]++; printf("reconcile publishes a token of B\n") }
  :: doneB && runs[A]>0 -> break
  od
}
proctype Env() {
  byte id;
  do
  :: atomic { nloss<LOSS && ready[B]>0 -> nloss++; ready[B]--; printf("the broker loses a token of B\n") }
  :: atomic { ntaken<TAKEN -> ntaken++; select (id : 1 .. 2);
       ready[A]=ready[A]+held[AT(id,A)]+beyond[AT(id,A)]; ready[B]=ready[B]+held[AT(id,B)]+beyond[AT(id,B)];
       held[AT(id,A)]=0; held[AT(id,B)]=0; beyond[AT(id,A)]=0; beyond[AT(id,B)]=0; printf("the broker takes back what W%d holds\n",id) }
  :: nloss==LOSS && ntaken==TAKEN -> break
  :: doneB && runs[A]>0 -> break
  od
}
init { atomic { run Worker(1); run Worker(2); run Reconcile(); run Env() } }
#ifdef LIVE
ltl started { <> doneB }          /* B runs beside the hours of A */
ltl quiet { <>[] !bounce }        /* no token goes to and fro for ever */
#endif
